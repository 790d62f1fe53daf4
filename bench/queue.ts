import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresBackend, Queue, Worker, type ConnectionOptions, type IQueueBackend } from 'bullmq';
import { startEmbeddedPostgres } from '@drover/embedded';
import {
  createTicketQueue,
  createTicketSource,
  migrateTicketStore,
  type QueueOptions,
  type Ticket,
} from '@drover/queue';
import { startRedis } from '../test/support/redis.js';

/** One system under test: our port, or BullMQ by itself. Both live in this process. */
interface Side {
  add(ids: string[]): Promise<void>;
  /** Calls back for each ticket, after it was taken; it is finished afterwards. */
  consume(onTicket: (id: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const SLOTS = 50;

async function port(options: QueueOptions): Promise<Side> {
  const queue = await createTicketQueue(options);
  const name = randomUUID();
  return {
    add: (ids) => queue.add(ids.map((id): Ticket => ({ ticket_id: id, job_id: id, queue: name, priority: 0 }))),
    consume: async (onTicket) => {
      const source = await createTicketSource(options);
      await source.serve([name]);
      let used = 0;
      let wake = (): void => undefined;
      source.start({
        slotFree: async () => {
          while (used >= SLOTS) await new Promise<void>((resolve) => (wake = resolve));
        },
        tryAcquire: () => used < SLOTS && ++used > 0,
        onTicket: (ticket) => {
          onTicket(ticket.ticket_id);
          void ticket.done().then(() => {
            used -= 1;
            wake();
          });
        },
        onError: (error) => console.error(error),
      });
      return () => source.close(2000);
    },
    close: () => queue.close(),
  };
}

async function bare(options: QueueOptions): Promise<Side> {
  const name = randomUUID();
  const connection = (
    options.backend === 'redis' ? { url: options.url, maxRetriesPerRequest: null } : options.url
  ) as ConnectionOptions;
  const factory = options.backend === 'postgres' ? (createPostgresBackend as never) : undefined;
  const queue = new Queue<object, void, string, object, void, string, IQueueBackend, ConnectionOptions>(
    name,
    { connection },
    factory,
  );
  await queue.waitUntilReady();
  const opts = { removeOnComplete: true, removeOnFail: true };
  return {
    add: async (ids) => {
      if (ids.length === 1) await queue.add('t', { job_id: ids[0] }, { ...opts, jobId: ids[0] });
      else await queue.addBulk(ids.map((id) => ({ name: 't', data: { job_id: id }, opts: { ...opts, jobId: id } })));
    },
    consume: async (onTicket) => {
      const worker = new Worker<object, void, string, IQueueBackend>(
        name,
        async (job) => onTicket(job.id!),
        { connection, concurrency: SLOTS },
        factory,
      );
      worker.on('error', (error) => console.error(error));
      await worker.waitUntilReady();
      return () => worker.close();
    },
    close: () => queue.close(),
  };
}

const ids = (count: number): string[] => Array.from({ length: count }, () => `${randomUUID()}-1`);
const rate = (count: number, since: number): number => Math.round(count / ((performance.now() - since) / 1000));

async function measure(open: () => Promise<Side>, size: number): Promise<Record<string, number>> {
  const side = await open();
  const figures: Record<string, number> = {};

  let began = performance.now();
  const all = ids(size);
  for (let i = 0; i < size; i += 500) await side.add(all.slice(i, i + 500));
  figures['add, batches of 500 (/s)'] = rate(size, began);

  began = performance.now();
  const singles = ids(size / 5);
  await Promise.all(
    Array.from({ length: 32 }, async (_, lane) => {
      for (let i = lane; i < singles.length; i += 32) await side.add([singles[i]!]);
    }),
  );
  figures['add, one by one, 32 at once (/s)'] = rate(singles.length, began);

  const total = size + singles.length;
  let seen = 0;
  let finished = (): void => undefined;
  let latest: (id: string) => void = () => undefined;
  const drained = new Promise<void>((resolve) => (finished = resolve));
  began = performance.now();
  const stop = await side.consume((id) => {
    if (++seen === total) finished();
    latest(id);
  });
  await drained;
  figures['drain (/s)'] = rate(total, began);

  const latencies: number[] = [];
  for (let i = 0; i < 300; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const [id] = ids(1);
    const heard = new Promise<void>((resolve) => (latest = (got) => void (got === id && resolve())));
    const added = performance.now();
    await Promise.all([side.add([id!]), heard]);
    latencies.push(performance.now() - added);
  }
  latencies.sort((a, b) => a - b);
  figures['pickup p50 (ms)'] = Number(latencies[150]!.toFixed(2));
  figures['pickup p99 (ms)'] = Number(latencies[297]!.toFixed(2));

  seen = 0;
  const flow = ids(size);
  const through = new Promise<void>((resolve) => {
    latest = () => void (seen - total === size && resolve());
  });
  seen = total;
  began = performance.now();
  for (let i = 0; i < size; i += 50) await side.add(flow.slice(i, i + 50));
  await through;
  figures['through, batches of 50 (/s)'] = rate(size, began);

  await stop();
  await side.close();
  return figures;
}

/** Prints our port beside BullMQ by itself, on the same server, one after the other, twice. */
export async function main(
  backends = process.argv.slice(2).filter((arg) => arg === 'redis' || arg === 'postgres'),
): Promise<void> {
  for (const backend of backends.length > 0 ? backends : ['redis', 'postgres']) {
    const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
    const server = backend === 'redis' ? await startRedis() : await startEmbeddedPostgres({ dataDir: folder });
    const options = { backend, url: 'ownerUrl' in server ? server.ownerUrl : server.url } as QueueOptions;
    await migrateTicketStore(options);
    const size = backend === 'redis' ? 20_000 : 5000;
    for (let round = 1; round <= 2; round++) {
      const theirs = await measure(() => bare(options), size);
      const ours = await measure(() => port(options), size);
      console.log(`\n${backend}, round ${round}`.padEnd(40), 'ours'.padStart(10), 'BullMQ'.padStart(10));
      for (const [what, value] of Object.entries(ours))
        console.log(what.padEnd(39), String(value).padStart(10), String(theirs[what]).padStart(10));
    }
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
