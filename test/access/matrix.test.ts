import { ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMAND } from '@drover/http';
import { startApi, type TestApi } from '../support/api.js';
import { JWT_KEY, mint, unsigned } from './support.js';

const CREDENTIALS = [
  'nothing',
  'expired',
  'forged',
  'alg none',
  'viewer',
  'submitter',
  'agent',
  'agent of another queue',
  'operator',
  'admin',
] as const;
type Credential = (typeof CREDENTIALS)[number];

const PEOPLE: Credential[] = ['submitter', 'operator', 'admin'];
const READERS: Credential[] = ['viewer', ...PEOPLE];
const AGENTS: Credential[] = ['agent', 'agent of another queue'];
const OPERATORS: Credential[] = ['operator', 'admin'];
const ALL = [...CREDENTIALS];

/** How refusals look: `lab` says 403 to tokens that never were ours, `agents` has tokens of its own. */
type Style = 'common' | 'lab' | 'agents';

/** Who gets in, route by route. A route that is not listed fails the test: somebody has to say who may use it. */
const TABLE: [RegExp, Credential[], Style?][] = [
  [/^GET \/(livez|readyz|v1\/health|healthcheck)?$/, ALL],
  [/^GET \/metrics$/, READERS],
  [/ \/agent\/v1\//, [], 'agents'],

  [/^(GET|POST|DELETE) \/api\/v1\/session$/, ALL],
  [/^POST \/api\/v1\/nodes\/enrol$/, ALL],
  [/^GET \/api\/v1\/(audit|nodes(\/invitations)?)$/, OPERATORS],
  [/^GET \/api\/v1\//, READERS],
  [/^(POST|DELETE) \/api\/v1\/jobs/, PEOPLE],
  [/^(POST|PUT|DELETE) \/api\/v1\//, OPERATORS],

  [/^POST \/v1\/(token|login\/access-token)$/, ALL],
  [/^POST \/v1\/service\/stop$/, ['admin']],
  [/^POST \/v1\/events\//, [...AGENTS, ...OPERATORS]],
  [/^POST \/v1\/jobs\/:id\/metrics$/, [...AGENTS, ...PEOPLE]],
  [/^GET \/v1\/(jobs|nodes)/, READERS],
  [/^(POST|PATCH|DELETE) \/v1\/jobs/, PEOPLE],

  [/^GET \/logout$/, ALL],
  [/^GET \/(page\/about|jobs|jobs\/submit|job\/:id)$/, READERS],
  [/^POST \/jobs\/submit$/, PEOPLE],
  [/^(GET|POST) \/job\/:id\/cancel$/, PEOPLE],

  [/^GET \/v1$/, ALL, 'lab'],
  [/^(GET|POST) \/v1\/oauth2\/(token|refresh)$/, ALL, 'lab'],
  [/^POST \/v1\/oauth2\/revoke$/, ['admin'], 'lab'],
  [/^GET \/v1\/job$/, ['agent'], 'lab'],
  [/^GET \/v1\/job\/:job_id\/attachments$/, ['agent'], 'lab'],
  [/^POST \/v1\/job\/:job_id\/events$/, ['agent'], 'lab'],
  [/^POST \/v1\/result\//, ['agent'], 'lab'],
  [/^GET \/v1\/result\/:job_id$/, [...READERS, ...AGENTS], 'lab'],
  [/^GET \/v1\/(job|result|queues)\b/, READERS, 'lab'],
  [/^POST \/v1\/job/, PEOPLE, 'lab'],
  [/^POST \/v1\/agents\/provision_logs\//, AGENTS, 'lab'],
  [/^POST \/v1\/agents\//, [...AGENTS, ...OPERATORS], 'lab'],
  [/^GET \/v1\/agents\/data\/:name$/, [...READERS, ...AGENTS], 'lab'],
  [/^GET \/v1\/(agents|restricted-queues)/, READERS, 'lab'],
  [/^(GET|PUT) \/v1\/client-permissions/, OPERATORS, 'lab'],
  [/^DELETE \/v1\/client-permissions/, ['admin'], 'lab'],
  [/^(POST|DELETE) \/v1\/restricted-queues/, OPERATORS, 'lab'],
  [/^(PUT|DELETE) \/v1\/secrets/, PEOPLE, 'lab'],

  [/^POST \/(push|accumulate|set)\b/, [...AGENTS, ...PEOPLE]],
  [/^POST \/alarms\/(add|del)\b/, OPERATORS],
  [/^GET \/(join\/list|topo|period)$/, READERS],
  [/^(GET|POST) \/(join|pivot|unjoin|topo|period|disconnect|remove|leave)\b/, OPERATORS],
  [/^GET \/(\w+\.html|pages\/:file)$/, ALL],
  [/^GET \/(job|joblist|alarms|profiles|percmd|get|node|nodes|trace|static)\b/, READERS],

  [/^GET \/(agents|queues|jobs\/:job_id)\b/, READERS],

  [/^(POST|PUT|DELETE) \/docker-executor\//, OPERATORS],
  [/^GET \/(tasks|search|status|routes)\b/, READERS],
  [/^(POST|PUT|DELETE) \/tasks\b/, PEOPLE],
];

interface Route {
  method: string;
  path: string;
}

/**
 * Of the router itself; what takes every method is asked with POST where it changes something, else not at all (it
 * answers 405).
 */
function routesOf(api: TestApi): Route[] {
  const { router } = api.app.getHttpAdapter().getInstance() as unknown as {
    router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
  };
  const routes = router.stack.flatMap(({ route }) => {
    if (!route || route.path.startsWith('/docs')) return [];
    const methods = Object.keys(route.methods).map((method) => method.toUpperCase());
    if (methods.length === 1) return [{ method: methods[0] as string, path: route.path }];
    return /^\/(push|accumulate|set|alarms\/del|join)\b/.test(route.path) ? [{ method: 'POST', path: route.path }] : [];
  });
  return routes.filter(({ method }) => method !== 'HEAD');
}

describe('with DROVER_AUTH=oauth2, every route', () => {
  let api: TestApi;
  let routes: Route[];
  let jobId: string;
  const tokens = new Map<Credential, string>();

  beforeAll(async () => {
    api = await startApi({
      passive: true,
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: 'a token for new workers',
        DROVER_TESTFLINGER_WEBHOOK_ORIGINS: 'http://127.0.0.1:1',
        DROVER_WEBHOOK_NETWORKS: 'loopback',
      },
    });
    routes = routesOf(api);
    const admin = { client_id: 'me', role: 'admin' };
    tokens.set('expired', await mint(admin, { age: 3_600 }));
    tokens.set('forged', await mint(admin, { key: 'another key' }));
    tokens.set('alg none', unsigned(admin));
    for (const role of ['viewer', 'submitter', 'agent', 'operator', 'admin'] as const)
      tokens.set(role, await mint({ client_id: 'me', role }));
    tokens.set('agent of another queue', await mint({ client_id: 'me', role: 'agent', allowed_queues: ['elsewhere'] }));
  });
  afterAll(() => api.close());

  async function ask({ method, path }: Route, credential: Credential): Promise<number> {
    const filled = path
      .replace(/:(job_id|id|uid)\b/, path.includes('client-permissions') ? 'nobody' : jobId)
      .replace(':client_id', 'me')
      .replace(':type', 'output')
      .replace(/:\w+/g, 'lab')
      .replace(/\*\w+/g, 'a/b');
    const query = path === '/v1/job' && method === 'GET' ? '?queue=lab' : '';
    const token = tokens.get(credential);
    const body =
      path.endsWith('/events') && method === 'POST'
        ? { job_status_webhook: 'http://127.0.0.1:1/' }
        : path.endsWith('/log/:type')
          ? { fragment_number: 0, timestamp: '2026-01-01T00:00:00Z', phase: 'test', log_data: '' }
          : {};
    const gone = new AbortController();
    const response = await fetch(`${api.url}${filled}${query}`, {
      method,
      // An agent sends its cookie along.
      headers: {
        Cookie: 'agent_name=somebody',
        ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: gone.signal,
    });
    // Streams would go on.
    gone.abort();
    await response.body?.cancel().catch(() => undefined);
    return response.status;
  }

  it('bears a mark that says who may use it', () => {
    const unmarked = [...api.app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .flatMap(({ metatype }) => {
        const type = metatype as { name: string; prototype: Record<string, unknown> };
        const handlers = Object.getOwnPropertyNames(type.prototype).filter((name) => {
          const value = Object.getOwnPropertyDescriptor(type.prototype, name)?.value as object | undefined;
          return typeof value === 'function' && Reflect.hasMetadata('method', value);
        });
        if (Reflect.hasMetadata(DEMAND, type)) return [];
        return handlers
          .filter((name) => !Reflect.hasMetadata(DEMAND, type.prototype[name] as object))
          .map((name) => `${type.name}.${name}`);
      });
    expect(unmarked).toEqual([]);
  });

  it('has somebody who said who may use it', () => {
    expect(routes.length).toBeGreaterThan(80);
    const unsaid = routes.filter(({ method, path }) => !TABLE.some(([pattern]) => pattern.test(`${method} ${path}`)));
    expect(unsaid.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it.each(CREDENTIALS.map((credential) => [credential]))(
    'lets in who may come, and nobody else: %s',
    async (credential) => {
      // One each: some of them may delete it.
      jobId = (
        await api.core.submits.submit({
          queue: 'lab',
          owner: 'me',
          dialect: 'testflinger',
          spec: { command: null },
          payload: { job_queue: 'lab', test_data: { attachments: [] } },
        })
      ).job.id;
      const wrong: string[] = [];
      for (const route of routes) {
        const name = `${route.method} ${route.path}`;
        const [, allowed, style = 'common'] = TABLE.find(([pattern]) => pattern.test(name)) ?? [
          /x/,
          [],
          'common' as Style,
        ];
        const status = await ask(route, credential);
        // Without credentials of a client the token route itself says 401.
        if (route.path === '/v1/oauth2/token') {
          if (status !== 401) wrong.push(`${name}: ${status}`);
          continue;
        }
        const known = !['nothing', 'expired', 'forged', 'alg none'].includes(credential);
        // To an agent, a job that was not handed out to it does not exist.
        const isHandOut =
          credential === 'agent of another queue' &&
          /^POST \/v1\/(job|result)\/:job_id\/?|^GET \/v1\/job\/:job_id\/attachments$/.test(name) &&
          TABLE.find(([pattern]) => pattern.test(name))?.[1].includes('agent');
        const refusal = isHandOut
          ? 404
          : style === 'agents'
            ? 401
            : known || (style === 'lab' && (credential === 'forged' || credential === 'alg none'))
              ? 403
              : 401;
        const fits = allowed.includes(credential)
          ? status !== 401 && status !== 403 && status < 500
          : status === refusal;
        // A webhook nobody listens at is a 502 behind the door.
        if (!fits && !(route.path.endsWith(':job_id/events') && status === 502))
          wrong.push(`${name}: ${status}, expected ${allowed.includes(credential) ? 'in' : refusal}`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('with DROVER_AUTH=none', () => {
  it('asks nobody for a login, but for what the clients are and a superuser', async () => {
    const api = await startApi({ passive: true });
    try {
      const refused: string[] = [];
      for (const { method, path } of routesOf(api)) {
        if (/events$|^\/agent\/v1|stream/.test(path)) continue;
        const filled = path
          .replace(/:(job_id|id|uid)\b/, '00000000-0000-0000-0000-000000000000')
          .replace(':type', 'output')
          .replace(/:\w+/g, 'x')
          .replace(/\*\w+/g, 'a');
        const response = await fetch(`${api.url}${filled}${method === 'GET' && path === '/v1/job' ? '?queue=x' : ''}`, {
          method,
          redirect: 'manual',
        });
        await response.body?.cancel();
        if (response.status === 401 || response.status === 403) refused.push(`${method} ${path}`);
      }
      expect(refused.sort()).toEqual(
        [
          'DELETE /v1/client-permissions/:id',
          'DELETE /v1/restricted-queues/:queue',
          'DELETE /v1/secrets/:client_id/*path',
          'GET /v1/client-permissions',
          'GET /v1/client-permissions/:id',
          'GET /v1/oauth2/token',
          'POST /v1/oauth2/revoke',
          'POST /v1/oauth2/token',
          'POST /v1/restricted-queues/:queue',
          'POST /v1/service/stop',
          'PUT /v1/client-permissions/:id',
          'PUT /v1/secrets/:client_id/*path',
        ].sort(),
      );
    } finally {
      await api.close();
    }
  });
});
