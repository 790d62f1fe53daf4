import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '@drover/embedded';
import {
  createInternalJobs,
  createTicketQueue,
  createTicketSource,
  migrateTicketStore,
  type QueueOptions,
  type TicketQueue,
} from '@drover/queue';
import { expectEventually } from '../support/expect-eventually.js';
import { createTestDatabase, dropTestDatabase, execute, withDatabase } from '../support/postgres.js';
import { startRedis, startRedisCluster } from '../support/redis.js';
import { Consumer, finish, keep, ticket } from './queue.contract.consumer.js';

interface Breakable {
  options: QueueOptions;
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

const stores: Record<string, () => Promise<Breakable>> = {
  'a killed Redis that comes back empty': async () => {
    const server = await startRedis();
    return {
      options: { backend: 'redis', url: server.url },
      down: () => server.kill(),
      up: () => server.start(),
      stop: () => server.stop(),
    };
  },
  'a Redis that accepts connections and answers nothing': async () => {
    const server = await startRedis();
    return {
      options: { backend: 'redis', url: server.url },
      down: async () => server.freeze(),
      up: async () => server.thaw(),
      stop: () => server.stop(),
    };
  },
  'a Redis Cluster whose nodes are killed and come back empty': async () => {
    const cluster = await startRedisCluster();
    return {
      options: { backend: 'redis', url: cluster.url },
      down: async () => void (await Promise.all(cluster.nodes.map((node) => node.kill()))),
      up: async () => void (await Promise.all(cluster.nodes.map((node) => node.start()))),
      stop: () => cluster.stop(),
    };
  },
  'a Postgres that takes no connections': async () => {
    const url = await createTestDatabase({ empty: true });
    const name = new URL(url).pathname.slice(1);
    const options = { backend: 'postgres', url } as const;
    const admin = withDatabase(url, 'postgres');
    await migrateTicketStore(options);
    return {
      options,
      down: async () => {
        await execute(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
        await execute(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      },
      up: () => execute(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`),
      stop: () => dropTestDatabase(url),
    };
  },
};

describe.each(Object.entries(stores))('tickets on %s', (_, start) => {
  let store: Breakable;
  let queue: TicketQueue;
  const told: Error[] = [];
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    store = await start();
    queue = await createTicketQueue({ ...store.options, onError: (error) => told.push(error) });
  });
  afterAll(async () => {
    await queue?.close();
    await store?.stop();
  });
  afterEach(async () => void (await Promise.all(closers.splice(0).map((close) => close()))));

  const consume = async (line: string, act = finish): Promise<Consumer> => {
    const source = await createTicketSource(store.options);
    closers.push(() => source.close(1000));
    await source.serve([line]);
    return new Consumer(source, 4, act).start();
  };
  const took = async (work: Promise<unknown>): Promise<{ ms: number; error: unknown }> => {
    const began = performance.now();
    const error = await work.then(
      () => undefined,
      (e: unknown) => e,
    );
    return { ms: performance.now() - began, error };
  };

  it('refuses fast while the store is away, says so once, and works again by itself', async () => {
    const line = randomUUID();
    await queue.add([ticket(line)]);
    told.length = 0;
    await store.down();
    try {
      // The first may be the one that finds out.
      const first = await took(queue.add([ticket(line)]));
      expect(first.error).toMatchObject({ code: 'unavailable' });
      expect(first.ms).toBeLessThan(2500);
      const asked = [
        () => queue.add([ticket(line)]),
        () => queue.remove(line, ['x']),
        () => queue.missing(line, ['x']),
        () => queue.counts([line]),
        () => queue.incarnation(),
        () => queue.pause(line),
        () => queue.resume(line),
        () => queue.ping(),
      ];
      for (const ask of asked) {
        const { ms, error } = await took(ask());
        expect(error).toMatchObject({ code: 'unavailable' });
        expect(ms).toBeLessThan(1200);
      }
      await expectEventually(() => expect(told.length).toBe(1));
    } finally {
      await store.up();
    }
    await expectEventually(() => queue.add([ticket(line)]), { withinMs: 15_000 });
    await queue.ping();
    expect(told.length).toBe(1);
  });

  it('goes on consuming after the store was away, and tells of the outage once', async () => {
    const line = randomUUID();
    const consumer = await consume(line);
    await queue.add([ticket(line)]);
    await expectEventually(() => expect(consumer.got.length).toBe(1));
    await store.down();
    try {
      await expectEventually(() => expect(consumer.errors.length).toBe(1), { withinMs: 15_000 });
      // Several rounds of its own attempts.
      await new Promise((resolve) => setTimeout(resolve, 2000));
    } finally {
      await store.up();
    }
    await expectEventually(() => queue.ping(), { withinMs: 15_000 });
    const after = ticket(line);
    await expectEventually(() => queue.add([after]), { withinMs: 5000 });
    await expectEventually(() => expect(consumer.ids).toContain(after.ticket_id), { withinMs: 10_000 });
    for (let round = 0; round < 3; round++) {
      const next = ticket(line);
      const added = Date.now();
      await queue.add([next]);
      await expectEventually(() => expect(consumer.ids).toContain(next.ticket_id), { everyMs: 5 });
      expect(Date.now() - added).toBeLessThan(1000);
    }
    expect(consumer.errors.length).toBeLessThanOrEqual(2);
  });

  it('neither hangs nor throws over a ticket in hand, nor when it closes, while the store is away', async () => {
    const line = randomUUID();
    const consumer = await consume(line, keep);
    await queue.add([ticket(line), ticket(line)]);
    await expectEventually(() => expect(consumer.got.length).toBe(2));
    await store.down();
    try {
      const done = await took(consumer.got[0]!.done());
      expect(done.error).toBeUndefined();
      expect(done.ms).toBeLessThan(2500);
      const close = await took(consumer.source.close(1000));
      expect(close.error).toBeUndefined();
      expect(close.ms).toBeLessThan(1300);
    } finally {
      await store.up();
    }
    await expectEventually(() => queue.ping(), { withinMs: 15_000 });
  });

  it('can be opened while the store is away, and works once it is there', async () => {
    const line = randomUUID();
    await store.down();
    let late: TicketQueue;
    let consumer: Consumer;
    try {
      const began = performance.now();
      late = await createTicketQueue(store.options);
      closers.push(() => late.close());
      consumer = await consume(line);
      expect(performance.now() - began).toBeLessThan(4500);
      await expect(late.add([ticket(line)])).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      await store.up();
    }
    const wanted = ticket(line);
    await expectEventually(() => late.add([wanted]), { withinMs: 15_000 });
    await expectEventually(() => expect(consumer.ids).toContain(wanted.ticket_id), { withinMs: 10_000 });
  });

  it('takes periodic work while the store is away, and begins it once it is there', async () => {
    let ticks = 0;
    await store.down();
    try {
      const internal = await createInternalJobs(store.options);
      closers.push(() => internal.close());
      internal.handle({ late: async () => void ticks++ });
      await internal.every('late', 200);
    } finally {
      await store.up();
    }
    await expectEventually(() => expect(ticks).toBeGreaterThan(2), { withinMs: 20_000 });
  });
});

describe('the incarnation', () => {
  it('of a cluster is another one when a single node of it was emptied', async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    const queue = await createTicketQueue({ backend: 'redis', url: cluster.url });
    onTestFinished(() => queue.close());
    for (const node of cluster.nodes) {
      const before = await queue.incarnation();
      expect(await queue.incarnation()).toBe(before);
      await node.admin.flushall();
      expect(await queue.incarnation()).not.toBe(before);
    }
  });

  it('of a Postgres is another one after a restart, and after one of its processes was killed', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'drover-pg-'));
    let server = await startEmbeddedPostgres({ dataDir, superuser: true });
    onTestFinished(async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
    const { port } = server;
    const url = server.superuserUrl as string;
    await migrateTicketStore({ backend: 'postgres', url });
    const queue = await createTicketQueue({ backend: 'postgres', url });
    onTestFinished(() => queue.close());
    const first = await queue.incarnation();
    expect(await queue.incarnation()).toBe(first);
    // The tables, too, were committed without waiting for the disk.
    await execute(url, 'CHECKPOINT');

    // Every process of the server starts anew then, without the commits that were not written yet, but the server's
    // start stays.
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(rows[0]!.pid, 'SIGKILL');
    const another = (than: string) => async (): Promise<string> => {
      const now = await queue.incarnation();
      expect(now).not.toBe(than);
      return now;
    };
    const crashed = await expectEventually(another(first), { withinMs: 30_000 });

    await server.stop();
    server = await startEmbeddedPostgres({ dataDir, port, superuser: true });
    await expectEventually(another(crashed), { withinMs: 30_000 });
  });
});

describe('a consumer on Redis', () => {
  it('survives the loss of its scripts and of its blocked connection', async () => {
    const server = await startRedis();
    const queue = await createTicketQueue({ backend: 'redis', url: server.url });
    const source = await createTicketSource({ backend: 'redis', url: server.url });
    try {
      const line = randomUUID();
      await source.serve([line]);
      const consumer = new Consumer(source, 4, finish).start();
      await queue.add([ticket(line), ticket(line)]);
      await expectEventually(() => expect(consumer.got.length).toBe(2));
      await server.admin.script('FLUSH');
      await queue.add([ticket(line), ticket(line)]);
      await expectEventually(() => expect(consumer.got.length).toBe(4));
      await server.admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await expectEventually(() => queue.add([ticket(line)]));
      await expectEventually(() => expect(consumer.got.length).toBe(5));
    } finally {
      await source.close(1000);
      await queue.close();
      await server.stop();
    }
  });
});
