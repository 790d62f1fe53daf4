import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { PROJECT } from '../support/built.js';
import { dashboards, variablesOf } from '../support/dashboards.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePorts } from '../support/ports.js';
import { Prometheus, type ActiveTarget } from '../support/prometheus.js';
import { Stack } from '../support/stack.js';

const read = (file: string): string => readFileSync(join(PROJECT, 'deploy/prometheus', file), 'utf8');
// OAuth 2 asks clients to percent-encode a key for Basic, which Prometheus does and Drover does not undo.
const KEY = 'a-key-of-the-client-prometheus';
const EXPORTER = (port: number): string[] => [
  process.execPath,
  '-e',
  `require('http').createServer((_, r) => r.end('# TYPE steps_done counter\\nsteps_done 7\\n')).listen(${port}, '127.0.0.1')`,
];

/** Panels whose series need what this test has not, each with the reason. */
const NEED_AN_EVENT: Readonly<Record<string, string>> = {
  'Alerts that fire': 'an alert fires after minutes of trouble; test/setup/prometheus-rules.test.ts makes each fire',
  'GPU that jobs use': 'a GPU',
  GPU: 'a GPU',
  'Each GPU': 'a GPU',
  'Memory of each GPU': 'a GPU',
  'Power of each GPU': 'a GPU',
};

describe('a real Prometheus beside a broker with a login', () => {
  let stack: Stack;
  let prometheus: Prometheus;
  let own: Record<string, string>;
  let workerPort: number;
  let jobPort: number;
  let jobId: string;

  const as = async (role: string, project: string): Promise<Record<string, string>> => ({
    authorization: `Bearer ${await mint({ client_id: `${role}-${project}`, role, project })}`,
  });
  const ask = async (method: string, path: string, body?: unknown, headers = own): Promise<unknown> => {
    const answer = await stack.request(method, path, body, headers);
    if (answer.status > 299)
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  beforeAll(async () => {
    [workerPort, jobPort] = (await freePorts(2)) as [number, number];
    own = await as('operator', 'default');
    stack = await Stack.start({
      headers: await as('admin', 'default'),
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: 'a token for new workers',
      },
      workers: [
        { name: 'serves', queues: 'default,builds', env: { DROVER_WORKER_METRICS: `127.0.0.1:${workerPort}` } },
        { name: 'serves-not', queues: 'other', env: { DROVER_LABELS: 'disk-kind=fast' } },
      ],
    });
    await ask(
      'PUT',
      '/v1/client-permissions/prometheus',
      { client_secret: KEY, role: 'contributor' },
      await as('admin', 'default'),
    );
    ({ id: jobId } = (await ask('POST', '/api/v1/jobs', {
      queue: 'builds',
      name: 'trains',
      command: EXPORTER(jobPort),
    })) as { id: string });
    await expectEventually(
      () => ask('POST', '/api/v1/scrape-targets', { address: `127.0.0.1:${jobPort}`, job: jobId }),
      {
        withinMs: 30_000,
      },
    );
    const keyFile = join(stack.dataDir, 'drover.key');
    writeFileSync(keyFile, KEY, { mode: 0o600 });
    const { host } = new URL(stack.url);
    prometheus = await Prometheus.start(
      read('discovery.yml')
        .replaceAll('drover.example:8080', host)
        .replaceAll('drover\\.example:8080', host.replaceAll('.', '\\.'))
        .replaceAll('/etc/prometheus/drover.key', keyFile)
        .replace('rule_files: [rules.yml]', `rule_files: ['${join(PROJECT, 'deploy/prometheus/rules.yml')}']`)
        .replace('scrape_interval: 15s', 'scrape_interval: 1s')
        .replace('scrape_timeout: 10s', 'scrape_timeout: 1s'),
    );
  }, 120_000);
  afterAll(async () => {
    await prometheus?.stop();
    await stack?.stop();
  });

  const found = (targets: ActiveTarget[], job: string): ActiveTarget[] =>
    targets.filter(({ labels }) => labels['job'] === job);

  it('finds the broker, its workers and the exporters of running jobs, and scrapes them', async () => {
    const targets = await expectEventually(
      async () => {
        const all = await prometheus.targets();
        expect(all.map(({ labels, health, lastError }) => [labels['job'], health, lastError]).toSorted()).toEqual([
          ['drover-api', 'up', ''],
          ['drover-jobs', 'up', ''],
          ['drover-nodes', 'up', ''],
          ['drover-workers', 'up', ''],
        ]);
        return all;
      },
      { withinMs: 30_000 },
    );
    const [worker] = found(targets, 'drover-workers');
    expect(worker).toMatchObject({
      scrapeUrl: `http://127.0.0.1:${workerPort}/metrics`,
      labels: { node: 'serves', version: '0.1.0' },
      discoveredLabels: { __meta_drover_queues: ',default,builds,', __meta_drover_state: 'online' },
    });
    const [node] = found(targets, 'drover-nodes');
    expect(node).toMatchObject({
      scrapeUrl: `${stack.url}/metrics?job=Node%3A+serves-not`,
      labels: { node: 'serves-not', instance: 'serves-not' },
      discoveredLabels: { __meta_drover_label_disk_kind: 'fast' },
    });
    const [exporter] = found(targets, 'drover-jobs');
    expect(exporter).toMatchObject({
      scrapeUrl: `http://127.0.0.1:${jobPort}/metrics`,
      labels: { job_id: jobId, queue: 'builds', node: 'serves' },
      discoveredLabels: { __meta_drover_job_name: 'trains', __meta_drover_project: 'default' },
    });
    await expectEventually(async () => {
      const value = async (expression: string): Promise<string | undefined> =>
        (await prometheus.query(expression))[0]?.value[1];
      expect(await value('drover_worker_executions{node="serves"}')).toBe('1');
      expect(await value(`steps_done{job_id="${jobId}"}`)).toBe('7');
      expect(await value('count({node="serves-not", job="drover-nodes"}) > 5')).toBeDefined();
    });
  });

  it('gets the lists in exactly the form of http_sd, and each client those of its own project', async () => {
    const answer = await stack.request('GET', '/api/v1/sd/jobs', undefined, own);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json(; charset=utf-8)?$/);
    expect(answer.body).toEqual([
      { targets: [`127.0.0.1:${jobPort}`], labels: expect.objectContaining({ job_id: jobId }) as unknown },
    ]);
    const other = await stack.request('GET', '/api/v1/sd/jobs', undefined, await as('contributor', 'blue'));
    expect([other.status, other.body]).toEqual([200, []]);
  });

  it('gives at least one series for each query of each dashboard', { timeout: 120_000 }, async () => {
    await ask('PUT', '/api/v1/projects/default/quotas', { waiting_jobs: 5_000 });
    await ask('POST', '/api/v1/agents/serves-not/drain');
    const values: Record<string, string> = { queue: '.*', node: '.*', job_id: jobId, __rate_interval: '20s' };
    const open = dashboards().flatMap(({ title, panels, variables }) => [
      ...panels.flatMap((panel) =>
        panel.title in NEED_AN_EVENT
          ? []
          : panel.targets.map(({ expr, legendFormat }) => ({
              what: `${title}: ${panel.title}`,
              // A panel that would show 0 for want of series has to have some here.
              query: expr.replace(' or vector(0)', '').replace(/\$(\w+)/g, (_, name: string) => values[name] ?? ''),
              labels: variablesOf(legendFormat),
            })),
      ),
      ...variables.map(({ name, metric, label }) => ({
        what: `${title}: the variable ${name}`,
        query: `count by (${label}) (${metric})`,
        labels: [label],
      })),
    ]);
    const total = open.length;
    const hook = { url: 'http://127.0.0.1:1/', on: ['succeeded'] };
    // More than the worker runs at once: some wait, some end, some fail, as long as a query has found nothing.
    const work = async (): Promise<unknown> =>
      ask('POST', '/api/v1/jobs/batch', {
        jobs: [
          { command: 'true', webhooks: [hook] },
          { command: 'exit 3' },
          ...Array.from({ length: 6 }, () => ({ command: 'sleep 1' })),
        ].map((job) => ({ queue: 'default', ...job })),
      });
    const why = new Map<string, string>();
    await expectEventually(
      async () => {
        await work();
        for (const one of [...open]) {
          const found = await prometheus.query(one.query);
          const lacks = one.labels.filter((label) => !found.some(({ metric }) => metric[label] !== undefined));
          if (found.length > 0 && lacks.length === 0) open.splice(open.indexOf(one), 1);
          else why.set(one.what, `${one.query} gave ${found.length} series, without ${lacks.join(', ') || '-'}`);
        }
        expect(open.map(({ what }) => `${what}: ${why.get(what)}`)).toEqual([]);
      },
      { withinMs: 90_000, everyMs: 2_000 },
    );
    expect(total).toBeGreaterThanOrEqual(60);
  });

  it('finds neither a job that has ended nor a worker that has left', async () => {
    await ask('POST', `/api/v1/jobs/${jobId}/cancel`, {});
    await (stack.workers[1] as (typeof stack.workers)[0]).stop();
    await expectEventually(
      async () => {
        expect(await ask('GET', '/api/v1/sd/jobs')).toEqual([]);
        const nodes = (await ask('GET', '/api/v1/sd/nodes')) as { labels: { node: string } }[];
        expect(nodes.map(({ labels }) => labels.node)).toEqual(['serves']);
      },
      { withinMs: 20_000 },
    );
  });
});
