import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAs, type Permissions } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { JWT_KEY, mint } from './support.js';

/** Everybody who asks. The objects are alice's, in the project red. */
const PEOPLE = {
  owner: { client_id: 'alice', role: 'submitter', project: 'red' },
  'another of the project': { client_id: 'bob', role: 'submitter', project: 'red' },
  'a viewer of the project': { client_id: 'vera', role: 'viewer', project: 'red' },
  'another project': { client_id: 'mallory', role: 'submitter', project: 'blue' },
  'a viewer of another project': { client_id: 'nosy', role: 'viewer', project: 'blue' },
  'an agent that holds nothing': { client_id: 'robot', role: 'agent', project: 'red' },
  operator: { client_id: 'oscar', role: 'operator', project: 'blue' },
} as const;
type Person = keyof typeof PEOPLE;

/**
 * The use that a route makes of the object its path or query names. read, control: the policy of libs/access. manage:
 * operators alone. list: shows objects of the caller's project alone. agent: only whom the job was handed out to. none:
 * there is no object, or one that everybody shares.
 */
type Action = 'read' | 'control' | 'manage' | 'list' | 'agent' | 'none';
type Kind = 'job' | 'task job' | 'alarm' | 'silence' | 'target' | 'profile';

interface Rule {
  route: RegExp;
  action: Action;
  kind?: Kind;
  body?: unknown;
  /** Appended to the path; ID stands for the object. */
  query?: string;
}

const CANCEL = { action: 'cancel' };
const ENTRY = { kind: 'job', query: '?job=ID' } as const;

/** First match wins. A route of the document without a rule fails the test. */
const RULES: Rule[] = [
  { route: /^(GET|POST|DELETE) \/api\/v1\/session$/, action: 'none' },
  { route: /^GET \/api\/v1\/jobs$/, action: 'list', kind: 'job' },
  // The count of each project: test/native/filters.test.ts.
  { route: /^GET \/api\/v1\/jobs\/count$/, action: 'none' },
  // Who sees which families: test/native/families.test.ts.
  { route: /^GET \/api\/v1\/jobs\/families$/, action: 'none' },
  // Values of which jobs somebody sees: test/native/filters.test.ts.
  { route: /^GET \/api\/v1\/jobs\/filter-values$/, action: 'none' },
  // Bulk actions change what each job allows, and are shown to their project: test/native/bulk-actions.test.ts.
  { route: /^(GET|POST) \/api\/v1\/jobs\/actions/, action: 'none' },
  { route: /^POST \/api\/v1\/jobs(\/batch)?$/, action: 'none' },
  { route: /^(POST|DELETE) \/api\/v1\/jobs\/\{id\}/, action: 'control', kind: 'job', body: {} },
  { route: /^GET \/api\/v1\/jobs\/\{id\}/, action: 'read', kind: 'job' },
  { route: /^GET \/api\/v1\/alarms$/, action: 'list', kind: 'alarm' },
  { route: /^GET \/api\/v1\/alarms\/silences$/, action: 'list', kind: 'silence' },
  { route: /^GET \/api\/v1\/alarms\/(active|firings|history)$/, action: 'none' },
  { route: /^DELETE \/api\/v1\/alarms\/silences\/\{id\}$/, action: 'manage', kind: 'silence' },
  { route: /^GET \/api\/v1\/alarms\/\{id\}$/, action: 'read', kind: 'alarm' },
  { route: /^(PUT|DELETE) \/api\/v1\/alarms\/\{id\}$/, action: 'manage', kind: 'alarm', body: {} },
  { route: /^POST \/api\/v1\/(alarms|scrape-targets)/, action: 'manage', body: {} },
  { route: /^GET \/api\/v1\/scrape-targets$/, action: 'list', kind: 'target' },
  { route: /^GET \/api\/v1\/scrape-targets\/\{id\}$/, action: 'read', kind: 'target' },
  { route: /^DELETE \/api\/v1\/scrape-targets\/\{id\}$/, action: 'manage', kind: 'target' },
  { route: /^GET \/api\/v1\/profiles$/, action: 'list', kind: 'profile' },
  { route: /^GET \/api\/v1\/profiles\/(compare|curves)$/, action: 'read', kind: 'profile', query: '?job=ID' },
  { route: /^GET \/api\/v1\/profiles\/\{job\}$/, action: 'read', kind: 'profile' },
  { route: /^DELETE \/api\/v1\/profiles\/\{job\}$/, action: 'manage', kind: 'profile' },
  { route: /^GET \/api\/v1\/(audit|nodes(\/invitations)?)$/, action: 'manage' },
  // Nodes are everybody's; who may invite them: test/access/nodes.test.ts.
  { route: /^POST \/api\/v1\/nodes\/enrol$/, action: 'none' },
  { route: /^POST \/api\/v1\/nodes\/invitations$/, action: 'manage', body: {} },
  { route: /^DELETE \/api\/v1\/nodes\//, action: 'manage' },
  // Who sees which project is in test/limits/quotas.test.ts.
  // Who sees which jobs of it: test/native/timeline.test.ts.
  { route: /^GET \/api\/v1\/timeline$/, action: 'none' },
  // Who sees which jobs of it: test/native/overview.test.ts.
  { route: /^GET \/api\/v1\/overview/, action: 'none' },
  // The test test/setup/prometheus.test.ts shows who sees which jobs of it.
  { route: /^GET \/api\/v1\/sd\//, action: 'none' },
  { route: /^GET \/api\/v1\/(events|queues|agents|limits|projects)/, action: 'none' },
  { route: /^PUT \/api\/v1\/projects\//, action: 'manage', body: { series: null } },
  { route: /^(POST|PUT) \/api\/v1\/(queues|agents)\//, action: 'manage', body: { projects: [] } },
  { route: /^GET \/(livez|readyz|metrics|healthcheck|routes|status)?$/, action: 'none' },

  { route: /^GET \/tasks$/, action: 'list', kind: 'task job' },
  { route: /^GET \/search$/, action: 'none' },
  { route: /^GET \/tasks\/\{task\}$/, action: 'read', kind: 'task job' },
  { route: /^POST \/tasks\/\{task\}$/, action: 'none' },
  { route: /^PUT \/tasks\/\{task\}\/jobs\/\{job\}$/, action: 'none' },
  { route: /^GET \/tasks\/\{task\}\/jobs\//, action: 'read', kind: 'task job' },
  { route: /^POST \/tasks\/\{task\}\/jobs\//, action: 'control', kind: 'task job' },
  { route: /^(POST|PUT|DELETE) \/docker-executor\//, action: 'manage', body: {} },

  { route: /^GET \/v1\/jobs$/, action: 'list', kind: 'job' },
  { route: /^GET \/v1\/jobs\/search$/, action: 'list', kind: 'job' },
  { route: /^POST \/v1\/jobs(\/submit)?$/, action: 'none' },
  { route: /^GET \/v1\/jobs\/\{(id|uid)\}/, action: 'read', kind: 'job' },
  {
    route: /^POST \/v1\/jobs\/\{id\}\/metrics$/,
    action: 'control',
    kind: 'job',
    body: { cpu_usage: 1, memory_usage_mb: 1 },
  },
  { route: /^PATCH \/v1\/jobs\/\{id\}$/, action: 'control', kind: 'job', body: { state: 'cancelled' } },
  { route: /^(POST|DELETE) \/v1\/jobs\/\{(id|uid)\}/, action: 'control', kind: 'job' },
  { route: /^GET \/v1\/(nodes|health)$/, action: 'none' },
  { route: /^POST \/v1\/(token|login\/access-token|service\/stop|events\/job-(started|finished))$/, action: 'none' },

  { route: /^GET \/v1$/, action: 'none' },
  { route: /^(GET|POST) \/v1\/oauth2\//, action: 'none' },
  { route: /^POST \/v1\/job$/, action: 'none' },
  { route: /^GET \/v1\/job$/, action: 'none' },
  { route: /^GET \/v1\/job\/search$/, action: 'list', kind: 'job' },
  { route: /^GET \/v1\/job\/\{job_id\}(\/position)?$/, action: 'read', kind: 'job' },
  { route: /^POST \/v1\/job\/\{job_id\}\/action$/, action: 'control', kind: 'job', body: CANCEL },
  { route: /^POST \/v1\/job\/\{job_id\}\/attachments$/, action: 'none' },
  { route: /^GET \/v1\/job\/\{job_id\}\/attachments$/, action: 'agent', kind: 'job' },
  {
    route: /^POST \/v1\/job\/\{job_id\}\/events$/,
    action: 'agent',
    kind: 'job',
    body: { job_status_webhook: 'http://127.0.0.1:1/' },
  },
  { route: /^GET \/v1\/result\/\{job_id\}/, action: 'read', kind: 'job' },
  {
    route: /^POST \/v1\/result\/\{job_id\}$/,
    action: 'agent',
    kind: 'job',
    body: { job_state: 'complete', status: { test: 0 } },
  },
  {
    route: /^POST \/v1\/result\/\{job_id\}\/log\/\{type\}$/,
    action: 'agent',
    kind: 'job',
    body: { fragment_number: 0, timestamp: '2026-01-01T00:00:00Z', phase: 'test', log_data: 'x' },
  },
  { route: /^POST \/v1\/result\/\{job_id\}\/(output|serial_output)$/, action: 'agent', kind: 'job', body: 'text' },
  { route: /^POST \/v1\/result\/\{job_id\}\/artifact$/, action: 'agent', kind: 'job' },
  { route: /^GET \/v1\/queues\/\{queue\}\/jobs$/, action: 'list', kind: 'job' },
  { route: /^(GET|POST) \/v1\/(agents|queues)\//, action: 'none' },
  { route: /^(GET|PUT|DELETE|POST) \/v1\/(client-permissions|restricted-queues|secrets)/, action: 'none' },

  {
    route: /^GET \/(alarms|alarms\/list|joblist|job\/list|profiles|profiles\/percmd|percmd|join\/list|topo|period)$/,
    action: 'none',
  },
  { route: /^GET \/job$/, action: 'none', ...ENTRY },
  { route: /^GET \/(profiles\/get|get)$/, action: 'read', kind: 'profile', query: '?jobid=ID' },
  { route: /^GET \/profiles\/(points|extrap)$/, action: 'read', kind: 'profile', query: '?jobid=ID' },
  { route: /^(GET|POST) \/(join|pivot|disconnect|remove|leave|alarms\/add)/, action: 'none' },
  { route: /^\w+ \/(alarms\/del|push|accumulate|set)(\/\{rest\})?$/, action: 'none' },
];

/** An answer that has begun and goes on for longer is a stream. */
const LONGEST_ANSWER_MS = 1_000;
const UNKNOWN = '0198c0de-0000-7000-8000-000000000000';

describe('with DROVER_AUTH=oauth2, an object of alice in the project red', () => {
  let api: TestApi;
  let routes: string[];
  const tokens = new Map<Person, string>();
  let operator: string;

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
    for (const [person, claims] of Object.entries(PEOPLE)) tokens.set(person as Person, await mint(claims));
    operator = await mint({ client_id: 'olga', role: 'operator', project: 'red' });
    const { paths } = (await (await fetch(`${api.url}/docs-json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  });
  afterAll(() => api.close());

  const alice = {
    permissions: {
      ...PEOPLE.owner,
      max_priority: {},
      allowed_queues: [],
      max_reservation_time: {},
    } satisfies Permissions,
  };

  async function newJob(): Promise<string> {
    const submission = {
      queue: 'lab',
      name: 'secret-job',
      owner: 'alice',
      dialect: 'native',
      spec: { command: 'true', stdin: 'hidden input', env: { PLAIN: 'x' } },
    };
    return runAs(alice, async () => (await api.core.submits.submit(submission)).job.id);
  }

  async function newTaskJob(): Promise<{ job: string; execution: string }> {
    const answer = await send('POST', '/tasks/red-task', tokens.get('owner') as string, {
      image: 'busybox',
      command: 'true',
    });
    const { jobId, executionId } = (await answer.json()) as { jobId: string; executionId: string };
    return { job: jobId, execution: executionId };
  }

  async function send(method: string, path: string, token: string, body?: unknown): Promise<Response> {
    const gone = new AbortController();
    const isText = typeof body === 'string';
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Cookie: 'agent_name=robot',
        'X-Changed-By': 'test',
        'X-Source': 'test',
        ...(body === undefined ? {} : { 'Content-Type': isText ? 'text/plain' : 'application/json' }),
      },
      ...(body === undefined || method === 'GET' ? {} : { body: isText ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: gone.signal,
    });
    // Streams would go on: what came first tells enough.
    const timer = setTimeout(() => gone.abort(), LONGEST_ANSWER_MS);
    void response
      .clone()
      .text()
      .catch(() => undefined)
      .finally(() => clearTimeout(timer));
    return response;
  }

  const ruleOf = (route: string): Rule => RULES.find((rule) => rule.route.test(route)) as Rule;

  async function objectFor(rule: Rule): Promise<{ id: string; execution?: string }> {
    if (rule.kind === 'job') return { id: await newJob() };
    if (rule.kind === 'task job') {
      const { job, execution } = await newTaskJob();
      return { id: job, execution };
    }
    return { id: rule.kind === undefined ? UNKNOWN : await makers[rule.kind]() };
  }

  const posted = async (path: string, body: unknown): Promise<string> =>
    ((await (await send('POST', path, operator, body)).json()) as { id: string }).id;

  const inserted = async (statement: string, id: string, more: unknown[] = []): Promise<string> => {
    await api.core.store.sql.run(statement, [id, ...more]);
    return id;
  };

  /** New ones for each question: some of them end the object. */
  const makers: Record<Exclude<Kind, 'job' | 'task job'>, () => Promise<string>> = {
    alarm: () =>
      posted('/api/v1/alarms', { name: randomUUID(), target: 'main', metric: 'm', operator: '>', threshold: 1 }),
    silence: () =>
      posted('/api/v1/alarms/silences', {
        matchers: [{ name: 'alertname', value: 'hot' }],
        ends_at: '2099-01-01T00:00:00Z',
      }),
    profile: async () =>
      inserted(
        `INSERT INTO profile (jobid, command, description, owner, project, summary, counters, node_snapshots, finished_at)
         VALUES ($1, 'red command', $2::jsonb, 'alice', 'red', '{}', '[]', '{}', now())`,
        await newJob(),
        [
          JSON.stringify({
            jobid: 'red',
            command: 'red command',
            size: 1,
            nodelist: '',
            partition: '',
            cluster: '',
            run_dir: '',
            start_time: 0,
            end_time: 1,
          }),
        ],
      ),
    target: () =>
      inserted(
        `INSERT INTO scrape_target (id, address, kind, period_s, tree, owner, project) VALUES ($1, $2, 'prometheus', 3600, '{}', 'alice', 'red')`,
        randomUUID(),
        [`${randomUUID()}:1`],
      ),
  };

  function pathOf(route: string, rule: Rule, id: string, execution = id): string {
    const [, path] = route.split(' ') as [string, string];
    const filled = path
      .replace('{execution}', execution)
      .replace('{task}', id === UNKNOWN ? 'no-such-task' : 'red-task')
      .replace('{type}', 'output')
      .replace('{queue}', 'lab')
      .replace(/\{(id|uid|job|job_id)\}/, id)
      .replace(/\{\w+\}/g, 'x');
    return filled + (rule.query ?? '').replace('ID', encodeURIComponent(id));
  }

  async function ask(
    route: string,
    person: Person,
    of?: { id: string; execution?: string },
  ): Promise<{ status: number; text: string }> {
    const rule = ruleOf(route);
    const { id, execution } = of ?? (await objectFor(rule));
    const [method] = route.split(' ') as [string];
    const response = await send(method, pathOf(route, rule, id, execution), tokens.get(person) as string, rule.body);
    const text = await response.text().catch(() => '');
    return {
      status: response.status,
      text: [id, execution ?? id].reduce((all, one) => all.replaceAll(one, 'ID'), text),
    };
  }

  /** The same once its owner has had an answer: nothing that was kept of that answer may be for others. */
  async function askAfterOwner(route: string, person: Person): Promise<{ status: number; text: string }> {
    const object = await objectFor(ruleOf(route));
    await ask(route, 'owner', object);
    return ask(route, person, object);
  }

  /** An object that its owner has ended is no longer there to be ended by others. */
  const ENDS = /^DELETE |\/(cancel|action)$/;

  const of = (...actions: Action[]): string[] => routes.filter((route) => actions.includes(ruleOf(route).action));
  /** A different id and time in each answer says nothing. */
  const plain = (text: string): string =>
    text.replace(/"(request_id|timestamp)":"[^"]*",?/g, '').replaceAll('no-such-task', 'red-task');

  it('has a rule for every route of the document', () => {
    expect(routes.filter((route) => ruleOf(route) === undefined)).toEqual([]);
    expect(of('read').length).toBeGreaterThan(25);
    expect(of('control').length).toBeGreaterThan(8);
  });

  it.each<[Person]>([['owner'], ['operator']])('is read and changed by its %s', async (person) => {
    const wrong: string[] = [];
    for (const route of of('read', 'control', ...(person === 'operator' ? (['manage'] as const) : []))) {
      const { status, text } = await ask(route, person);
      if (
        [401, 403].includes(status) ||
        status >= 500 ||
        (status === 404 && /no job/i.test(text) && text.includes('ID'))
      )
        wrong.push(`${route}: ${status} ${text.slice(0, 120)}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each<[Person]>([['another of the project'], ['a viewer of the project']])(
    'is read but not changed by %s',
    async (person) => {
      const wrong: string[] = [];
      for (const route of of('read')) {
        const { status } = await ask(route, person);
        if ([401, 403].includes(status) || status >= 500) wrong.push(`${route}: ${status}`);
      }
      for (const route of of('control', 'manage')) {
        for (const asked of person === 'a viewer of the project' || ENDS.test(route) ? [ask] : [ask, askAfterOwner]) {
          const { status, text } = await asked(route, person);
          if (status !== 403) wrong.push(`${route} (${asked.name}): ${status} ${text.slice(0, 120)}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each<[Person]>([['another project'], ['a viewer of another project']])('does not exist for %s', async (person) => {
    const wrong: string[] = [];
    for (const route of of('read', ...(person === 'another project' ? (['control'] as const) : []))) {
      const unknown = await ask(route, person, { id: UNKNOWN });
      for (const asked of person === 'another project' ? [ask, askAfterOwner] : [ask]) {
        const there = await asked(route, person);
        if (there.status !== unknown.status || plain(there.text) !== plain(unknown.text)) {
          wrong.push(
            `${route} (${asked.name}): ${there.status} ${there.text.slice(0, 160)} | ${unknown.status} ${unknown.text.slice(0, 160)}`,
          );
        }
      }
    }
    for (const route of of('manage')) {
      const { status } = await ask(route, person);
      if (status !== 403) wrong.push(`${route}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is in the lists of its project alone', async () => {
    const wrong: string[] = [];
    for (const route of of('list')) {
      const rule = ruleOf(route);
      const object = await objectFor(rule);
      const sign = rule.kind === 'task job' ? 'red-task' : rule.kind === 'profile' ? 'red command' : 'ID';
      const shows = async (person: Person): Promise<boolean> => (await ask(route, person, object)).text.includes(sign);
      if (await shows('another project')) wrong.push(`${route} shows it to another project`);
      // Lists of the dialects show ids of their own.
      if (/\/api\/v1\//.test(route) && !(await shows('another of the project')))
        wrong.push(`${route} does not show it to its own project`);
    }
    expect(wrong).toEqual([]);
  });

  it('is out of reach for an agent to which it was not handed out', async () => {
    const wrong: string[] = [];
    for (const route of of('agent', 'read', 'control', 'manage')) {
      for (const asked of [ask, askAfterOwner]) {
        const { status, text } = await asked(route, 'an agent that holds nothing');
        // The result of a job is what agents poll: nothing is known of this one.
        const isPoll = route === 'GET /v1/result/{job_id}' && status === 204;
        if (status !== 403 && status !== 404 && !isPoll)
          wrong.push(`${route} (${asked.name}): ${status} ${text.slice(0, 120)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('shows its standard input to its owner and operators alone', async () => {
    const id = await newJob();
    const stdin = async (person: Person): Promise<unknown> =>
      ((await (await send('GET', `/api/v1/jobs/${id}`, tokens.get(person) as string)).json()) as { stdin: unknown })
        .stdin;
    expect([await stdin('owner'), await stdin('operator')]).toEqual(['hidden input', 'hidden input']);
    expect([await stdin('another of the project'), await stdin('a viewer of the project')]).toEqual([null, null]);
  });

  it('shows no secret of its environment, webhooks and metadata to others of the project, alone or in a list', async () => {
    const secret = 'hunter2-of-alice';
    const submission = {
      queue: 'lab',
      name: 'leaky',
      owner: 'alice',
      dialect: 'native',
      metadata: { token: secret, team: 'a-team' },
      spec: {
        command: 'true',
        env: { DATABASE_URL: `postgres://u:${secret}@db/x`, MY_OWN: secret },
        webhooks: [{ url: `http://127.0.0.1:1/services/${secret}`, on: ['failed' as const] }],
      },
    };
    const id = await runAs(alice, async () => (await api.core.submits.submit(submission)).job.id);
    const paths = [`/api/v1/jobs/${id}`, '/api/v1/jobs?q=leaky', `/api/v1/jobs/${id}/deliveries`, `/v1/jobs/${id}`];
    for (const path of paths) {
      for (const person of ['another of the project', 'a viewer of the project'] as const) {
        expect(
          await (await send('GET', path, tokens.get(person) as string)).text(),
          `${path} for ${person}`,
        ).not.toContain(secret);
      }
    }
    const shown = async (person: Person): Promise<Record<string, unknown>> =>
      (await (await send('GET', `/api/v1/jobs/${id}`, tokens.get(person) as string)).json()) as Record<string, unknown>;
    expect(await shown('a viewer of the project')).toMatchObject({
      env: { DATABASE_URL: '***', MY_OWN: '***' },
      metadata: { token: '***', team: 'a-team' },
      webhooks: [{ url: 'http://127.0.0.1:1' }],
    });
    expect(await shown('owner')).toMatchObject({ env: { MY_OWN: secret }, metadata: { token: secret } });
  });

  it('is not named to another project by the agent that has it', async () => {
    const id = await newJob();
    const robot = await mint({ client_id: 'red-robot', role: 'agent', project: 'red' });
    expect(
      (await send('POST', '/v1/agents/data/red-agent', robot, { state: 'test', queues: ['lab'], job_id: id })).status,
    ).toBe(200);
    expect(
      (await send('POST', '/v1/agents/provision_logs/red-agent', robot, { job_id: id, exit_code: 0, detail: '' }))
        .status,
    ).toBe(200);
    for (const path of [
      '/agents',
      '/agents/red-agent',
      '/v1/agents/data',
      '/v1/agents/data/red-agent',
      '/v1/queues/lab/agents',
    ]) {
      const text = async (person: Person): Promise<string> =>
        (await send('GET', path, tokens.get(person) as string)).text();
      expect(await text('another project'), path).toContain('red-agent');
      expect(await text('another project'), path).not.toContain(id);
      expect(await text('a viewer of another project'), path).not.toContain(id);
      if (path !== '/agents') expect(await text('a viewer of the project'), path).toContain(id);
    }
  });

  it('is in a queue for which only agents that may serve it speak', async () => {
    const operator = tokens.get('operator') as string;
    const agents = {
      red: await mint({ client_id: 'speaker-red', role: 'agent', project: 'red' }),
      blue: await mint({ client_id: 'speaker-blue', role: 'agent', project: 'blue' }),
      allowed: await mint({ client_id: 'speaker-allowed', role: 'agent', project: 'blue', allowed_queues: ['kept'] }),
    };
    const tries = (queue: string, name: string): [string, unknown][] => [
      ['/v1/agents/queues', { [queue]: `by ${name}` }],
      ['/v1/agents/images', { [queue]: { image: `url: http://${name}.example/` } }],
      [`/v1/agents/data/speaker-${name}`, { queues: [queue] }],
    ];
    const answers = async (name: keyof typeof agents, queue: string): Promise<number[]> => {
      const all: number[] = [];
      for (const [path, body] of tries(queue, name)) all.push((await send('POST', path, agents[name], body)).status);
      return all;
    };
    expect(await answers('red', 'kept')).toEqual([200, 200, 200]);
    expect((await send('PUT', '/api/v1/queues/kept/projects', operator, { projects: ['red'] })).status).toBe(200);
    expect(await answers('red', 'kept')).toEqual([200, 200, 200]);
    expect(await answers('blue', 'kept')).toEqual([403, 403, 403]);
    expect(await answers('allowed', 'kept')).toEqual([200, 200, 200]);
    expect(await answers('allowed', 'open')).toEqual([403, 403, 403]);
    expect(await answers('blue', 'open')).toEqual([200, 200, 200]);
    const refused = await send('POST', '/v1/agents/queues', agents.blue, { kept: 'mine' });
    expect(await refused.json()).toMatchObject({ message: 'This agent may not serve the queue kept' });
    expect(await (await send('GET', '/v1/agents/queues', operator)).json()).toMatchObject({ kept: 'by allowed' });
    await send('PUT', '/api/v1/queues/kept/projects', operator, { projects: [] });
  });

  it('keeps in the trail who changed it, from where, and what', async () => {
    const id = await newJob();
    await send('POST', `/api/v1/jobs/${id}/cancel`, tokens.get('owner') as string, {});
    await send('POST', `/api/v1/jobs/${id}/retry`, tokens.get('operator') as string, {});
    const { entries } = (await (
      await send('GET', `/api/v1/audit?object=${id}`, tokens.get('operator') as string)
    ).json()) as { entries: Record<string, unknown>[] };
    expect(entries.map(({ actor, action }) => [actor, action])).toEqual([
      ['oscar', 'job.retry'],
      ['alice', 'job.cancel'],
      ['alice', 'job.submit'],
    ]);
    expect(entries[0]).toMatchObject({
      address: expect.stringContaining('127.0.0.1'),
      before: { state: 'cancelled' },
      after: { state: 'queued' },
    });
    const job = (await (await send('GET', `/api/v1/jobs/${id}`, tokens.get('owner') as string)).json()) as {
      owner: string;
    };
    expect(job.owner).toBe('alice');
    await expect(api.core.store.sql.run('DELETE FROM audit')).rejects.toThrow('append-only');
    await expect(api.core.store.sql.run(`UPDATE audit SET actor = 'nobody'`)).rejects.toThrow('append-only');
  });

  it('cannot come into a queue that is kept for another project', async () => {
    await newJob();
    const operator = tokens.get('operator') as string;
    expect((await send('PUT', '/api/v1/queues/lab/projects', operator, { projects: ['blue'] })).status).toBe(200);
    const refused = await send('POST', '/api/v1/jobs', tokens.get('owner') as string, {
      queue: 'lab',
      command: 'true',
    });
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      403,
      expect.stringContaining('reserved for other projects'),
    ]);
    expect(
      (await send('POST', '/api/v1/jobs', tokens.get('another project') as string, { queue: 'lab', command: 'true' }))
        .status,
    ).toBe(201);
    expect((await send('PUT', '/api/v1/queues/lab/projects', operator, { projects: [] })).status).toBe(200);
  });

  it('cannot be waited for by a job of another project', async () => {
    const id = await newJob();
    const answer = await send('POST', '/api/v1/jobs', tokens.get('another project') as string, {
      command: 'true',
      depends_on: [id],
    });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('does not exist')]);
  });
});
