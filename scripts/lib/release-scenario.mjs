import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Longest wait for a condition, and the time between two looks. Milliseconds. */
const WITHIN_MS = 300_000;
const LOOK_MS = 100;

/** Keys and networks of the broker whose record is dumped; whoever loads the dump serves it with the same. */
export const ENVIRONMENT = {
  DROVER_JWT_SIGNING_KEY: 'the key that signs tokens of the release fixtures',
  DROVER_SECRETS_KEY: 'the key that seals secrets of the fixtures',
  DROVER_WEBHOOK_NETWORKS: 'loopback',
  DROVER_ALARM_ALLOW: 'loopback',
  DROVER_SCRAPE_ALLOW: 'loopback',
  DROVER_FASTLANE_EXECUTOR: 'process',
};

export async function until(condition, what) {
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} did not come about within ${WITHIN_MS / 1000} s.`);
    await wait(LOOK_MS);
  }
}

/** Asks; an answer above 399 is an error that names the request. */
export function clientOf(url) {
  return async (method, path, body, headers = {}) => {
    const raw = typeof body === 'string' || body instanceof Buffer;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined || raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await answer.text();
    if (answer.status > 399) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };
}

/** A server on loopback that takes webhooks and shows a metric. */
export async function neighbour() {
  const came = [];
  const server = createServer((request, response) => {
    came.push(request.url);
    request.resume();
    if (request.url.startsWith('/refuse')) response.writeHead(500).end();
    else if (request.method === 'GET')
      response.end('# TYPE neighbour_total counter\n# HELP neighbour_total a counter\nneighbour_total 7\n');
    else response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${server.address().port}`;
  return { address, url: `http://${address}`, came, close: () => server.close() };
}

const factsOf = (hostname) => ({
  hostname,
  version: 'fixture',
  os: 'linux',
  cpus: 1,
  memory_mb: 1,
  gpus: [],
  labels: {},
  executors: ['process'],
});
const register = (ask, name, headers) =>
  ask('POST', '/agent/v1/register', { name, queues: [name], slots: 1, facts: factsOf(name), boot_id: 'boot' }, headers);

/**
 * Clients, their permissions, tokens and secrets; needs a broker with DROVER_AUTH=oauth2 and the credentials of an
 * administrator.
 */
export async function fillAccess(ask, admin, enrolment) {
  const login = async ({ id, key }) =>
    ask('POST', '/v1/oauth2/token', 'grant_type=client_credentials', {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
    });
  const by = async (who) => ({ authorization: `Bearer ${(await login(who)).access_token}` });
  const lab = { id: 'lab', key: 'the key of the client lab' };
  const ruler = await by(admin);
  const permissions = { max_priority: { '*': 50 }, allowed_queues: ['kept'], max_reservation_time: { '*': 3600 } };
  await ask(
    'PUT',
    '/v1/client-permissions/lab',
    { client_secret: lab.key, role: 'contributor', ...permissions },
    ruler,
  );
  await ask('PUT', '/v1/client-permissions/gone', { client_secret: 'the key of a client that goes' }, ruler);
  await ask('DELETE', '/v1/client-permissions/gone', undefined, ruler);
  await register(ask, 'kept', { authorization: `Bearer ${enrolment}` });
  await ask('POST', '/v1/restricted-queues/kept', { client_id: 'lab' }, ruler);
  await ask('PUT', '/v1/secrets/lab/ci/token', { value: 'a secret of the client lab' }, await by(lab));
  return { lab, secret: 'a secret of the client lab' };
}

/** Jobs, and what belongs to them, in every dialect. `besides` is the address of {@link neighbour}. */
export async function fillJobs(ask, besides) {
  const job = async (name, fields, headers) =>
    (await ask('POST', '/api/v1/jobs', { name, command: 'true', ...fields }, headers)).id;
  const ended = (id) =>
    until(async () => (await ask('GET', `/api/v1/jobs/${id}`)).finished_at !== null, `The end of job ${id}`);
  const is = (id, state) =>
    until(async () => (await ask('GET', `/api/v1/jobs/${id}`)).state === state, `Job ${id} as ${state}`);
  const hour = new Date(Date.now() + 3_600_000).toISOString();
  const jobs = {};

  const webhooks = [
    { url: `${besides.url}/hook`, secret: 'the secret of a webhook' },
    { url: `${besides.url}/refuse` },
  ];
  jobs.succeeded = await job('succeeded', {
    command: 'echo out; echo err >&2; mkdir -p a; echo artifact > a/file.txt; for n in 1 2 3; do echo line $n; done',
    artifacts: ['a/*.txt'],
    tags: ['fixture', 'ünïcode'],
    metadata: { build: 7 },
    webhooks,
    priority: 5,
  });
  jobs.pushing = await job('pushing', { command: 'sleep 3', limits: { runtime_s: 60 } });
  const keyed = await job('keyed', { command: 'echo keyed' }, { 'idempotency-key': 'a key of the fixtures' });
  const batch = { jobs: ['one', 'two'].map((name) => ({ name, command: `echo ${name}` })) };
  const ids = (await ask('POST', '/api/v1/jobs/batch', batch)).ids;
  jobs.failed = await job('failed', { command: 'echo bad >&2; exit 3', retry: { max: 1, backoff_s: 0.1 } });
  jobs.timeout = await job('timeout', { command: 'sleep 60', limits: { runtime_s: 1, grace_s: 1 } });
  jobs.signal = await job('signal', { command: 'kill -9 $$' });
  jobs.unspawned = await job('unspawned', { command: ['/no/such/program'] });
  jobs.stdin = await job('stdin', { command: 'cat', stdin: 'typed\n', env: { NAME: 'value' } });
  for (const id of [...Object.values(jobs), keyed, ...ids]) await ended(id);
  Object.assign(jobs, { keyed, batch: ids[0] });

  jobs.scheduled = await job('scheduled', { start_at: hour });
  jobs.soon = await job('soon', { command: 'echo soon', start_at: new Date(Date.now() + 180_000).toISOString() });
  jobs.cron = await job('cron', {
    command: 'echo tick',
    cron: { pattern: '*/2 * * * * *', timezone: 'Europe/Berlin' },
  });
  jobs.depends = await job('depends', { command: 'echo then', depends_on: [jobs.scheduled, jobs.succeeded] });
  jobs.dead = await job('dead', { depends_on: [jobs.failed] }).catch(() => jobs.failed);
  jobs.expired = await job('expired', { queue: 'nobody', expires_at: new Date(Date.now() + 1_500).toISOString() });
  jobs.queued = await job('queued', { queue: 'nobody', command: 'echo at last', artifacts: ['*.x'] });
  jobs.paused = await job('paused', { queue: 'held', command: 'echo held' });
  await ask('POST', '/api/v1/queues/held/pause', {});
  jobs.retrying = await job('retrying', { command: 'exit 1', retry: { max: 3, backoff_s: 3600 } });
  jobs.cancelled = await job('cancelled', { start_at: hour });
  await ask('POST', `/api/v1/jobs/${jobs.cancelled}/cancel`, { reason: 'not wanted' });
  jobs.placed = await job('placed', { command: 'echo placed', resources: { cpus_per_task: 1, memory_mb: 16 } });
  jobs.unplaced = await job('unplaced', { resources: { memory_mb: 900_000_000 } });
  await is(jobs.expired, 'expired');
  await until(async () => (await ask('GET', `/api/v1/jobs/${jobs.retrying}`)).attempt > 1, 'A retry that waits');
  await until(
    async () => (await ask('GET', '/api/v1/jobs?limit=200')).jobs.some((one) => one.parent_id === jobs.cron),
    'A child of the cron job',
  );
  await ended(jobs.placed);

  const flux = await ask('POST', '/v1/jobs/submit', { command: 'echo flux', envars: { A: 'b' } });
  const hpc = { id: 'hpc-1', user: 'alice', nodes: ['node-01', 'node-02'] };
  await ask('POST', '/v1/jobs', hpc);
  await ask('POST', '/v1/jobs/hpc-1/metrics', { cpu_usage: 75.5, memory_usage_mb: 4096, gpu_usage: 50 });
  await ask('POST', '/v1/jobs', { ...hpc, id: 'hpc-2' });
  await ask('PATCH', '/v1/jobs/hpc-2', { state: 'completed', cpu_usage: 80, memory_usage_mb: 1 });
  return {
    jobs,
    flux: flux.id,
    hpc: ['hpc-1', 'hpc-2'],
    ...(await fillLab(ask)),
    ...(await fillFastlane(ask, besides)),
  };
}

/** Jobs of a test lab: one waits, one is held by an agent, one has ended with logs, results and an archive. */
async function fillLab(ask) {
  const submit = async (queue) =>
    (await ask('POST', '/v1/job', { job_queue: queue, test_data: { test_cmds: 'true' } })).job_id;
  await ask('POST', '/v1/agents/queues', { rack: 'the rack of the fixtures' });
  await ask('POST', '/v1/agents/images', { rack: { noble: 'url: http://images.example/noble' } });
  await ask('POST', '/v1/agents/data/rack-1', { queues: ['rack'], state: 'waiting', location: 'here' });
  const done = await submit('rack');
  await ask('GET', '/v1/job?queue=rack');
  const stamp = new Date().toISOString();
  const fragment = { fragment_number: 0, timestamp: stamp, phase: 'setup', log_data: 'the log of setup\n' };
  await ask('POST', `/v1/result/${done}`, { job_state: 'setup', status: { setup: 0 } });
  await ask('POST', `/v1/result/${done}/log/output`, fragment);
  await ask('POST', `/v1/result/${done}/log/serial`, { ...fragment, log_data: 'the serial log\n' });
  const form = new FormData();
  form.set('file', new Blob(['the archive of the lab']), 'artifacts.tgz');
  const packed = new Response(form);
  const archive = Buffer.from(await packed.clone().arrayBuffer());
  await ask('POST', `/v1/result/${done}/artifact`, archive, { 'content-type': packed.headers.get('content-type') });
  await ask('POST', '/v1/agents/provision_logs/rack-1', { job_id: done, exit_code: 0, detail: 'provisioned' });
  await ask('POST', `/v1/result/${done}`, {
    job_state: 'complete',
    status: { test: 0 },
    device_info: { ip: '10.0.0.7' },
  });
  const held = await submit('rack');
  await ask('GET', '/v1/job?queue=rack');
  await ask('POST', `/v1/result/${held}`, { job_state: 'provision' });
  return { lab: { done, held, waiting: await submit('rack') } };
}

/** Tasks: one has run, one is for later, one repeats, one has a webhook. */
async function fillFastlane(ask, besides) {
  const task = { image: 'ubuntu', command: 'echo task', envs: { A: 'b' }, metadata: { who: 'fixture' } };
  const webhooks = { finishes: [{ url: `${besides.url}/task` }] };
  const run = await ask('POST', '/tasks/done', { ...task, webhooks });
  await ask('POST', '/tasks/later', { ...task, startIn: '1h' });
  await ask('POST', '/tasks/often', { ...task, cron: '*/5 * * * *' });
  await until(
    async () =>
      (await ask('GET', `/tasks/done/jobs/${run.jobId}`)).job.executions.some((one) => one.finishedAt !== null),
    'The end of a task',
  );
  return { fastlane: { task: 'done', job: run.jobId } };
}

/** Counters, a scrape target, alarms that fire and one that is silenced. */
export async function fillCounters(ask, besides) {
  await ask('GET', '/push?key=pushed_total&doc=a+counter');
  await ask('GET', '/accumulate?key=pushed_total&value=5');
  await ask('POST', '/api/v1/scrape-targets', { address: besides.address, period_s: 1, keep: true });
  const rule = { target: 'main', metric: 'pushed_total', operator: '>', threshold: 1 };
  const hook = [{ type: 'webhook', url: `${besides.url}/alarm` }];
  const alarm = await ask('POST', '/api/v1/alarms', { ...rule, name: 'fires', actions: hook, labels: { team: 'a' } });
  await ask('POST', '/api/v1/alarms', { ...rule, name: 'waits', for_s: 3600 });
  await ask('POST', '/api/v1/alarms', { ...rule, name: 'rests', threshold: 1e9 });
  const queue = await ask('POST', '/api/v1/alarms', {
    ...rule,
    target: undefined,
    queue: 'default',
    name: 'of a queue',
  });
  await ask('DELETE', `/api/v1/alarms/${queue.id}`);
  await ask('POST', '/alarms/add', {
    ...rule,
    operator: undefined,
    operation: '>',
    threshold: undefined,
    value: 1,
    name: 'foreign',
  });
  const fires = async () => (await ask('GET', '/api/v1/alarms/active')).states.some(({ state }) => state === 'firing');
  await until(fires, 'An alarm that fires');
  await until(() => besides.came.includes('/alarm'), 'The webhook of an alarm');
  const from = new Date().toISOString();
  const ends = new Date(Date.now() + 3_600_000).toISOString();
  const matchers = [{ name: 'alertname', value: 'foreign' }];
  await ask('POST', '/api/v1/alarms/silences', { matchers, starts_at: from, ends_at: ends, comment: 'known' });
  await until(async () => (await ask('GET', '/api/v1/profiles')).profiles?.length > 0, 'A profile of a job');
  return { alarm: alarm.id };
}

/** Jobs that are under way when the record is dumped: running, being cancelled, and claimed by an agent that waits. */
export async function fillOpen(ask) {
  const submit = async (name, fields) => (await ask('POST', '/api/v1/jobs', { name, ...fields })).id;
  const state = async (id) => (await ask('GET', `/api/v1/jobs/${id}`)).state;
  const running = await submit('running', { command: 'echo begun; sleep 600' });
  const cancelling = await submit('cancelling', {
    command: "trap '' TERM; echo deaf; while :; do sleep 1; done",
    limits: { grace_s: 600 },
  });
  for (const id of [running, cancelling]) await until(async () => (await state(id)) === 'running', `Job ${id} running`);
  await until(
    async () => String(await ask('GET', `/api/v1/jobs/${running}/logs?stream=stdout`)).includes('begun'),
    'Output',
  );
  await until(
    async () => String(await ask('GET', `/api/v1/jobs/${cancelling}/logs?stream=stdout`)).includes('deaf'),
    'Output',
  );
  await ask('POST', `/api/v1/jobs/${cancelling}/cancel`, {});
  const agent = await register(ask, 'slow');
  const claimed = await submit('claimed', { queue: 'slow', command: 'echo claimed' });
  const tickets = [{ ticket_id: `${claimed}-1`, job_id: claimed }];
  const { results } = await ask('POST', '/agent/v1/claims', { tickets }, { authorization: `Bearer ${agent.token}` });
  if (results[0].outcome !== 'claimed') throw new Error(`The claim was answered ${JSON.stringify(results)}.`);
  const states = { running, cancelling, claimed };
  for (const [wanted, id] of Object.entries(states))
    await until(async () => (await state(id)) === wanted, `Job ${id} as ${wanted}`);
  return states;
}
