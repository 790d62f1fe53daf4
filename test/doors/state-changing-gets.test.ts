import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesByGet, routesOf, type DeclaredRoute } from '@drover/http';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { otherSite, send } from './support.js';

/** Marked routes that write nothing at this call: their siblings of another spelling do, or they change the browser. */
const SILENT = [
  'PortalLogoutController.logout',
  'MetricProxyAlarmsController.others',
  'MetricProxyJoinsController.others',
  'MetricProxyTreeController.others',
];

let api: TestApi;
let site: Awaited<ReturnType<typeof otherSite>>;
let watcher: Client;
let routes: DeclaredRoute[];
const values: Record<string, string> = {};

const TRIGGERS = `
CREATE TABLE public.seen_writes (what text);
CREATE FUNCTION public.see_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO public.seen_writes VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NULL; END $$;
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT oid::regclass AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
      AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'bullmq', 'pg_toast') AND relname <> 'seen_writes' LOOP
    EXECUTE format('CREATE TRIGGER see_write AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION public.see_write()', found.name);
  END LOOP;
END $$`;

beforeAll(async () => {
  site = await otherSite();
  api = await startApi({
    passive: true,
    env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_FASTLANE_EXECUTOR: 'process', DEBUG: '1' },
  });
  routes = routesOf(api.app);
  const program = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Awaited<ReturnType<typeof send>>['json']> => {
    const answer = await send(
      api.url,
      method,
      path,
      body === undefined ? {} : { 'content-type': 'application/json' },
      body === undefined ? undefined : JSON.stringify(body),
    );
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  await program('GET', '/push?key=kept&doc=d');
  await program('GET', '/set?key=kept&value=1');
  await program('POST', '/alarms/add', { name: 'kept', target: 'main', metric: 'kept', operation: '>', value: 100 });
  const { id } = await program('POST', '/api/v1/jobs', { command: 'true' });
  const { job_id } = await program('POST', '/v1/job', { job_queue: 'lab' });
  const flux = await program('POST', '/v1/jobs/submit', { command: 'true' });
  const { jobId } = await program('POST', '/tasks/t', { image: 'ubuntu', command: 'true' });
  await program('POST', '/v1/agents/data/a1', { state: 'waiting', queues: ['lab'] });
  Object.assign(values, { native: id, lab: job_id, flux: String(flux.id), fastlane: jobId });
  watcher = new Client({ connectionString: api.databaseUrl, application_name: 'drover-test' });
  watcher.on('error', () => {});
  await watcher.connect();
  await watcher.query(TRIGGERS);
  // The work that the submits still had to do.
  await quiet();
});
afterAll(async () => {
  await watcher?.end();
  await api?.close();
  site?.server.close();
});

/** But for the tidying up of the doorbells between processes, which has its own time. */
async function writes(): Promise<string[]> {
  return (await watcher.query<{ what: string }>('DELETE FROM public.seen_writes RETURNING what')).rows
    .map((row) => row.what)
    .filter((what) => what !== 'DELETE outbox');
}

/** Until nothing was written for a while. */
async function quiet(): Promise<void> {
  await writes();
  await expectEventually(async () => (await writes()).length === 0, { everyMs: 300 });
}

/** A path whose parts name something that is there, and a query that every route finds its own words in. */
function requestOf(route: DeclaredRoute): string {
  const dialect = /^\/(v1\/(job|result)\/|jobs\/:job_id)/.test(route.path)
    ? 'lab'
    : route.path.startsWith('/tasks')
      ? 'fastlane'
      : /^\/(v1\/jobs|job\/:id)/.test(route.path)
        ? 'flux'
        : 'native';
  const job = values[dialect] as string;
  const named: Record<string, string> = {
    id: job,
    job,
    job_id: job,
    uid: job,
    task: 't',
    execution: job,
    name: route.path.includes('queues') ? 'default' : 'a1',
    queue: 'lab',
    type: 'output',
    file: 'jobs.js',
  };
  const path = route.path.replace(/\/?[:*](\w+)/g, (part, name: string) =>
    part.includes('*') ? '' : `/${named[name] ?? 'x'}`,
  );
  const alarm = route.path.startsWith('/alarms');
  const query = {
    queue: 'lab',
    key: 'kept',
    doc: 'd',
    value: '1',
    to: `127.0.0.1:${site.port}`,
    from: '10.0.0.1:1337',
    target: '10.0.0.2:1337',
    targetjob: 'main',
    jobid: values['native'] as string,
    job: 'main',
    query: 'x',
    ...(alarm || !route.path.includes('/api/') ? { name: 'kept' } : {}),
  };
  // The native API refuses what it does not know.
  return route.path.startsWith('/api/v1') || route.path.startsWith('/agent/')
    ? path
    : `${path}?${new URLSearchParams(query).toString()}`;
}

/** Asks as a program does, and leaves streams: some wait with their head for the first line. */
async function ask(path: string): Promise<number> {
  const stream = /\/(stream|events|control)(\?|$)/.test(path);
  try {
    const answer = await fetch(api.url + path, {
      redirect: 'manual',
      signal: AbortSignal.timeout(stream ? 1_000 : 20_000),
    });
    await answer.text();
    return answer.status;
  } catch (error) {
    if (stream && (error as Error).name === 'TimeoutError') return 200;
    throw error;
  }
}

const byGet = (): DeclaredRoute[] => routes.filter(({ method }) => ['GET', 'HEAD', 'ALL'].includes(method));

describe('a GET', () => {
  it('that is not marked writes nothing into the record: mark the route with @ChangesByGet(), or write nothing', async () => {
    const guilty: string[] = [];
    const broken: string[] = [];
    // As the door sees it: what refuses other methods of a marked path is marked with it.
    const changes = changesByGet(routes);
    const unmarked = byGet().filter(
      (route) => !route.changesByGet && !changes(requestOf(route).split('?')[0] as string),
    );
    expect(unmarked.length).toBeGreaterThan(80);
    await quiet();
    for (const route of unmarked) {
      const path = requestOf(route);
      const status = await ask(path);
      if (status >= 500) broken.push(`${route.handler} ${path}: ${status}`);
      const seen = await writes();
      if (seen.length > 0) guilty.push(`${route.handler} ${path}: ${seen.join(', ')}`);
    }
    expect([guilty, broken]).toEqual([[], []]);
  });

  it('that is marked does write, so that the look above sees what there is to see', async () => {
    const marked = byGet().filter(
      (route) => route.changesByGet && !/[*]/.test(route.path) && !SILENT.includes(route.handler),
    );
    const silent: string[] = [];
    for (const route of marked) {
      await writes();
      const status = await ask(requestOf(route));
      if (status < 400 && (await writes()).length === 0) silent.push(route.handler);
    }
    expect(marked.length).toBeGreaterThan(12);
    expect(silent).toEqual([]);
  });

  it('of every method at once says what it does: a route by @All is marked, or stands here', () => {
    const reading = byGet().filter(({ method, changesByGet: changes }) => method === 'ALL' && !changes);
    expect([...new Set(reading.map(({ handler }) => handler))].sort()).toEqual([
      'MethodNotAllowedController.refuse',
      'MetricProxyJobsController.others',
      'MetricProxyProfilesController.others',
      'OtherMethodsController.refuse',
    ]);
  });

  it('is known by its path as the router knows it: any spelling the router takes, and no other', () => {
    const changes = changesByGet(routes);
    for (const path of [
      '/push',
      '/push/',
      '/push//',
      '/push/x',
      '/join',
      '/join/',
      '/join/multiple',
      '/join//list',
      '/alarms/del',
      '/alarms/del/',
      '/alarms//del',
      '/topo/x',
      '/job/1/cancel',
      '/job/x/cancel/',
      '/v1/job',
      '/v1/job/',
      '/logout',
    ]) {
      expect(changes(path), path).toBe(true);
    }
    for (const path of [
      '/',
      '/Push',
      '/pushx',
      '/job',
      '/job/1',
      '/join/list',
      '/join/list/',
      '/topo',
      '/period',
      '/alarms',
      '/alarms/list',
      '/v1/job/x',
      '/v1/job/search',
      '/v1/jobs',
      '/api/v1/jobs',
      '/tasks/push',
    ]) {
      expect(changes(path), path).toBe(false);
    }
  });
});

describe('the mark @OnlyReads', () => {
  it('is for plain paths: one with a parameter could hide a route that changes something', () => {
    const route = {
      module: 'M',
      method: 'GET',
      path: '/join/:what',
      handler: 'X.y',
      changesByGet: false,
      onlyReads: true,
    };
    expect(() => changesByGet([route])).toThrow('X.y: @OnlyReads is for a path without parameters');
  });
});
