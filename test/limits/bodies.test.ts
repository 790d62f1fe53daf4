import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyRulesOfDialects, DIALECTS } from '@drover/dialects';
import { bodyRuleOf, DEFAULT_BODY_BYTES } from '@drover/http';
import { JWT_KEY, mint } from '../access/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { each, pathOf, routesOf, statusOfHead, type Route } from './support.js';

const OF_DIALECTS = bodyRulesOfDialects(DIALECTS.map(({ name }) => name));
/** Routes that take more than 1 MiB: somebody has to say so, and why is in body-rules.ts or a manifest. */
const LARGER = [
  /^POST \/api\/v1\/jobs(\/batch|\/actions|\/actions\/preview)?$/,
  /^\w+ \/agent\/v1\//,
  /^\w+ \/v1\/(job|result|agents)(\/|$)/,
  /^\w+ \/v1\/jobs(\/submit)?$/,
  /^\w+ \/tasks\/:\w+$/,
];

/** Routes that read a body before they know who sends it: a login stands in it. */
const LOGIN_IN_BODY = /^POST \/(v1\/(login\/access-token|oauth2\/(refresh|token))|api\/v1\/nodes\/enrol)$/;

const JSON_HEAD = { 'Content-Type': 'application/json' };
const WAIT_MS = 5_000;
const named = ({ method, path }: Route): string => `${method} ${path}`;
const changes = ({ method }: Route): boolean => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);

describe('the body of a request', () => {
  let open: TestApi;
  let closed: TestApi;
  const portOf = (api: TestApi): number => Number(new URL(api.url).port);

  beforeAll(async () => {
    open = await startApi({ passive: true, env: { DROVER_LOG_LEVEL: 'fatal' } });
    closed = await startApi({
      passive: true,
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: 'x'.repeat(32),
        DROVER_LOG_LEVEL: 'fatal',
      },
    });
  });
  afterAll(async () => {
    await open.close();
    await closed.close();
  });

  it('has at most 1 MiB unless its route is named here', () => {
    const routes = routesOf(open).filter(changes);
    expect(routes.length).toBeGreaterThan(60);
    for (const route of routes) {
      const { bytes } = bodyRuleOf(route.method, pathOf(route), OF_DIALECTS);
      if (bytes > DEFAULT_BODY_BYTES)
        expect(
          LARGER.some((larger) => larger.test(named(route))),
          named(route),
        ).toBe(true);
    }
  });

  it('is refused by its length alone, before a byte of it came', async () => {
    const document = (await (await fetch(`${open.url}/docs-json`)).json()) as {
      paths: Record<string, Record<string, { requestBody?: { content?: Record<string, unknown> } }>>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        requestBody
          ? [
              {
                method: method.toUpperCase(),
                path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
                types: Object.keys(requestBody.content ?? {}),
              },
            ]
          : [],
      ),
    );
    expect(routes.length).toBeGreaterThan(25);
    const answers = new Map<string, number | null>();
    await each(routes, 8, async (route) => {
      const path = pathOf(route, {
        job_id: '00000000-0000-0000-0000-000000000000',
        id: '00000000-0000-7000-8000-000000000000',
      });
      const rule = bodyRuleOf(route.method, path, OF_DIALECTS);
      if (rule.reader === 'stream') return;
      const type =
        rule.reader === 'form' ? 'application/x-www-form-urlencoded' : (route.types[0] ?? 'application/json');
      answers.set(
        named(route),
        await statusOfHead(
          portOf(open),
          route.method,
          path,
          { 'Content-Type': type, 'Content-Length': String(rule.bytes + 1) },
          WAIT_MS,
        ),
      );
    });
    for (const [route, status] of answers) {
      expect(status, route).toBeGreaterThanOrEqual(400);
      expect(status, route).toBeLessThan(500);
    }
    // Others say first what else is wrong: an unknown job, a missing login.
    expect([...answers.values()].filter((status) => status === 413).length).toBeGreaterThan(20);
  });

  it("is not waited for when the path is nobody's", async () => {
    for (const path of ['/nothing/here', '/api/v1/nothing', '/v1/nothing', '/agent/v1/nothing']) {
      expect(
        await statusOfHead(portOf(open), 'POST', path, { ...JSON_HEAD, 'Content-Length': '100000' }, WAIT_MS),
        path,
      ).toBe(404);
    }
  });

  it('is not read of somebody who may not use the route, whatever the dialect', async () => {
    const viewer = `Bearer ${await mint({ client_id: 'looks-on', role: 'viewer' })}`;
    const routes = routesOf(closed).filter(changes);
    expect(routes.length).toBeGreaterThan(60);
    const waited: string[] = [];
    await each(routes, 8, async (route) => {
      const logins: Record<string, string>[] = [{}, { Authorization: 'Bearer x.y.z' }, { Authorization: viewer }];
      for (const headers of logins) {
        const path = pathOf(route, { job_id: '00000000-0000-0000-0000-000000000000', id: '1' });
        const status = await statusOfHead(
          portOf(closed),
          route.method,
          path,
          { ...JSON_HEAD, 'Content-Length': '65000', ...headers },
          2_000,
        );
        if (status === null) waited.push(named(route));
        else expect(status, named(route)).toBeGreaterThanOrEqual(300);
      }
    });
    expect([...new Set(waited)].filter((route) => !LOGIN_IN_BODY.test(route))).toEqual([]);
  });
});
