import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Exposition } from '@drover/http';
import { JobSeriesService } from '@drover/metrics';
import { startApi, type TestApi } from '../support/api.js';
import { execute } from '../support/postgres.js';

/** More jobs that have not ended than are counted at each scrape. */
const MANY = 30_000;
const QUEUES = 10_000;
const NODES = 10;
const MOST_SERIES = 50;

/** Jobs that wait, in so many queues. */
const waiting = (n: number, queues: number): string => `
  INSERT INTO job (id, queue, owner, dialect, dispatch, spec, state, queued_at, created_at, updated_at)
  SELECT gen_random_uuid(), 'q-' || n % ${queues}, 'tester', 'native', 'ticket', '{"command":"true"}', 'queued', now(),
    now(), now()
  FROM generate_series(1, ${n}) AS n`;

/** Jobs that run on some nodes. */
const running = (n: number): string => `
  WITH made AS (
    INSERT INTO job (id, queue, owner, dialect, dispatch, spec, state, attempt, epoch, execution_id, node, started_at,
      created_at, updated_at)
    SELECT gen_random_uuid(), 'q-1', 'tester', 'native', 'ticket', '{"command":"true"}', 'running', 1, 1,
      gen_random_uuid(), 'node-' || n % ${NODES}, now(), now(), now()
    FROM generate_series(1, ${n}) AS n
    RETURNING *
  )
  INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, spawned_at)
  SELECT execution_id, id, 1, 1, gen_random_uuid(), node, 'b', 'running', now(), now()
  FROM made`;

interface Scrape {
  /** Lines of the broker and the HPC dialect. */
  series: string[];
  /** Statements that it sent itself: those of the process's other work come when they like. */
  statements: number;
}

describe('a scrape of /metrics', () => {
  const scraping = new AsyncLocalStorage<{ statements: number }>();
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ passive: true, env: { DROVER_HPC_RUNNING_SERIES_MAX: String(MOST_SERIES) } });
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the client below
    const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
      const own = scraping.getStore();
      if (own) own.statements += 1;
      return original.apply(this, args) as never;
    });
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await api.close();
  });

  async function scrape(): Promise<Scrape> {
    const own = { statements: 0 };
    const body = await scraping.run(own, () => api.app.get(Exposition).render());
    return { series: body.split('\n').filter((line) => /^(drover|hpc)_/.test(line)), statements: own.statements };
  }
  const of = ({ series }: Scrape, name: string): string[] => series.filter((line) => line.startsWith(name));
  const sum = (scraped: Scrape, name: string): number =>
    of(scraped, name).reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);

  it('costs a few statements and gives as many series with 10,000 queues as with 200', async () => {
    await execute(api.databaseUrl, waiting(200, 200));
    const few = await scrape();
    await execute(api.databaseUrl, waiting(QUEUES, QUEUES));
    const many = await scrape();
    expect(sum(many, 'drover_queue_depth{')).toBe(QUEUES + 200);
    for (const { statements } of [few, many]) {
      expect(statements).toBeGreaterThan(1);
      expect(statements).toBeLessThanOrEqual(4);
    }
    for (const name of ['drover_queue', 'drover_jobs', 'drover_node', 'drover_agents', 'drover_project', 'hpc_'])
      expect(of(many, name).length, name).toBe(of(few, name).length);
  });

  it('shows some of the jobs that run, counts all of them on their nodes, and says how many it leaves out', async () => {
    await execute(api.databaseUrl, running(1_000));
    const few = await scrape();
    await execute(api.databaseUrl, running(1_000));
    const many = await scrape();
    expect(of(many, 'hpc_job_runtime_seconds{')).toHaveLength(MOST_SERIES);
    expect(of(many, 'hpc_').length).toBe(of(few, 'hpc_').length);
    expect(of(many, 'hpc_node_job_count{')).toHaveLength(NODES);
    expect(sum(many, 'hpc_node_job_count{')).toBe(2_000);
    expect(sum(many, 'hpc_exporter_jobs_left_out ')).toBe(2_000 - MOST_SERIES);
  });

  it('counts a great many jobs seldom, and right after a minute at most, however long a count took', async () => {
    let now = 0;
    const shown = { runningMax: 10, finishedForS: 60, finishedMax: 10, clientIdsOf: ['hpc'] };
    const series = new JobSeriesService(api.core.store, shown, () => (now += 5_000));
    const depth = async (): Promise<number> =>
      (await series.current()).live.reduce((total, { state, n }) => total + (state === 'queued' ? n : 0), 0);
    await execute(api.databaseUrl, waiting(MANY - QUEUES, QUEUES));
    expect(await depth()).toBe(MANY + 200);
    await execute(api.databaseUrl, waiting(1, 1));
    expect(await depth()).toBe(MANY + 200);
    now += 60_000;
    expect(await depth()).toBe(MANY + 201);
  });
});
