import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { tablesOfDialects } from '@drover/dialects';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@drover/embedded';
import { migrate } from '@drover/store';
import { allEnded, executions, log, verifyLog } from '../support/flow.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { Stack } from '../support/stack.js';
import { WAYS } from '../support/ways.js';

const JOBS = 500;
const LINES = 20;
const OUTPUT = Array.from({ length: LINES }, (_, i) => `line ${i + 1}\n`).join('');
const COMMAND = `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); echo line $i; done; sleep 0.05`;

let stack: Stack | undefined;
let redis: TestRedis | undefined;
let postgres: EmbeddedPostgres | undefined;
let folder: string | undefined;
afterEach(async () => {
  await stack?.stop();
  await redis?.stop();
  await postgres?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
  stack = redis = postgres = folder = undefined;
});

/**
 * Submits one at a time on a few connections; what got its 2xx must not be lost, what did not is sent again with its
 * key.
 */
async function submitThrough(trouble: () => Promise<void>, jobs = JOBS): Promise<string[]> {
  const broker = stack as Stack;
  const accepted: string[] = [];
  let next = 0;
  let troubled: Promise<void> | undefined;
  const client = async (): Promise<void> => {
    while (next < jobs) {
      const n = next++;
      if (n === jobs / 2) troubled = trouble();
      for (let tried = 0; ; tried += 1) {
        try {
          const { status, body } = await broker.request(
            'POST',
            '/api/v1/jobs',
            { queue: 'default', name: `job ${n}`, command: COMMAND },
            { 'idempotency-key': `job-${n}` },
          );
          if (status === 201 || status === 200) {
            accepted.push((body as { id: string }).id);
            break;
          }
          expect([502, 503, 504]).toContain(status);
        } catch (error) {
          if (tried > 300) throw error;
        }
        await sleep(100);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  await troubled;
  expect(new Set(accepted).size).toBe(jobs);
  return accepted;
}

async function expectAllWell(ids: string[]): Promise<void> {
  const broker = stack as Stack;
  const ended = await allEnded(broker, ids);
  expect(
    [...ended.values()].filter((view) => view.state !== 'succeeded').map((view) => `${view.state} ${view.cause}`),
  ).toEqual([]);
  const digests = new Set<string>();
  for (let at = 0; at < ids.length; at += 10) {
    await Promise.all(
      ids.slice(at, at + 10).map(async (id) => {
        const all = await executions(broker, id);
        const good = all.filter((execution) => execution.cause === null);
        expect(good, `accepted results of ${id}`).toHaveLength(1);
        expect(good[0]?.log_complete).toBe(true);
        digests.add(good[0]?.stdout_sha256 ?? '');
      }),
    );
  }
  expect(digests.size).toBe(1);
  for (const id of ids.filter((_, i) => i % 25 === 0)) {
    expect((await log(broker, id)).toString()).toBe(OUTPUT);
    await verifyLog(broker, id);
  }
}

describe('nothing accepted is lost and no job has two accepted results', () => {
  describe.each(WAYS)('%s', (_, env) => {
    /** The way that is not the default one is seen with fewer jobs. */
    const jobs = Object.keys(env).length === 0 ? JOBS : 200;

    it('when an API replica is killed with -9 and started again', async () => {
      redis = await startRedis();
      stack = await Stack.start({ redisUrl: redis.url, workers: [{ slots: 4 }, { slots: 4 }], env });
      const ids = await submitThrough(async () => {
        await stack?.api.kill();
        await sleep(1_000);
        stack?.api.start();
      }, jobs);
      await expectAllWell(ids);
    }, 400_000);

    it('when Redis is killed with -9 and comes back empty', async () => {
      redis = await startRedis();
      stack = await Stack.start({ redisUrl: redis.url, workers: [{ slots: 4 }, { slots: 4 }], env });
      const ids = await submitThrough(async () => {
        await redis?.kill();
        await sleep(2_000);
        await redis?.restartEmpty();
      }, jobs);
      await expectAllWell(ids);
    }, 400_000);

    it('when a worker is killed with -9 and started again beside two API replicas', async () => {
      redis = await startRedis();
      stack = await Stack.start({ redisUrl: redis.url, apis: 2, workers: [{ slots: 4 }, { slots: 4 }], env });
      const ids = await submitThrough(async () => {
        const [doomed] = stack?.workers ?? [];
        await doomed?.kill();
        await sleep(500);
        doomed?.start();
      }, jobs);
      await expectAllWell(ids);
    }, 400_000);
  });

  it('when somebody runs FLUSHALL', async () => {
    redis = await startRedis();
    stack = await Stack.start({ redisUrl: redis.url, workers: [{ slots: 2 }] });
    const ids = await submitThrough(async () => {
      await redis?.admin.flushall();
    });
    await redis.admin.flushall();
    await expectAllWell(ids);
  }, 400_000);

  it('when Postgres is killed with -9 and started again', async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-pg-'));
    postgres = await startEmbeddedPostgres({ dataDir: folder });
    const { port, ownerUrl: url } = postgres;
    await migrate(url, await tablesOfDialects());
    redis = await startRedis();
    stack = await Stack.start({ databaseUrl: url, redisUrl: redis.url, workers: [{ slots: 4 }, { slots: 4 }] });
    const ids = await submitThrough(async () => {
      process.kill((postgres as EmbeddedPostgres).pid, 'SIGKILL');
      await sleep(1_000);
      await postgres?.stop().catch(() => undefined);
      postgres = await startEmbeddedPostgres({ dataDir: folder as string, port });
    });
    await expectAllWell(ids);
  }, 400_000);
});
