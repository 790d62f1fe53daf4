import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedisBus } from '@drover/bus';
import {
  checkTicketStore,
  createTicketQueue,
  createTicketSource,
  migrateTicketStore,
  type QueueOptions,
} from '@drover/queue';
import { ensureTicketRole, Store } from '@drover/store';
import { makeCertificate } from '../support/certificate.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePorts } from '../support/ports.js';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { startRedisSentinel } from '../support/redis-sentinel.js';
import { startRedis, startRedisCluster } from '../support/redis.js';
import { Consumer, finish, ticket } from './queue.contract.consumer.js';
import { killedConsumer } from './queue.contract.victim.js';

describe('the check of the ticket store', () => {
  it('takes a Redis that keeps what it has', async () => {
    const server = await startRedis(['--maxmemory', '64mb', '--maxmemory-policy', 'noeviction']);
    onTestFinished(() => server.stop());
    await checkTicketStore({ backend: 'redis', url: server.url });
  });

  it('refuses a Redis that throws keys away, names the policy and the remedy', async () => {
    const server = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    onTestFinished(() => server.stop());
    const refusal = checkTicketStore({ backend: 'redis', url: server.url });
    await expect(refusal).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/allkeys-lru.*maxmemory-policy noeviction.*CONFIG SET/) as string,
    });
  });

  it('refuses a cluster for one node of it', async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    await checkTicketStore({ backend: 'redis', url: cluster.url });
    await cluster.nodes[2]!.admin.config('SET', 'maxmemory-policy', 'volatile-lru');
    await expect(checkTicketStore({ backend: 'redis', url: cluster.url })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('volatile-lru') as string,
    });
  });

  it('refuses a Redis that is not there with its address and the reason, within six seconds', async () => {
    const [port] = await freePorts(1);
    const began = Date.now();
    const refusal = checkTicketStore({ backend: 'redis', url: `redis://:secret@127.0.0.1:${port}` });
    await expect(refusal).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`127.0.0.1:${port}.*ECONNREFUSED`)) as string,
    });
    await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('secret') as string });
    expect(Date.now() - began).toBeLessThan(6000);
  });

  it('refuses a wrong password as one', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    await server.admin.config('SET', 'requirepass', 'right');
    await checkTicketStore({ backend: 'redis', url: server.url.replace('//', '//:right@') });
    await expect(
      checkTicketStore({ backend: 'redis', url: server.url.replace('//', '//:wrong@') }),
    ).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/WRONGPASS/) as string,
    });
  });

  it('refuses a Postgres whose ticket schema is not there, and takes it once it is', async () => {
    const url = await createTestDatabase({ empty: true });
    onTestFinished(() => dropTestDatabase(url));
    const options: QueueOptions = { backend: 'postgres', url };
    await expect(checkTicketStore(options)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/migrat/) as string,
    });
    // As many starters as there may be.
    await Promise.all(Array.from({ length: 6 }, () => migrateTicketStore(options)));
    await migrateTicketStore(options);
    await checkTicketStore(options);
  });

  it('keeps two Drovers in one database apart by their schema', async () => {
    const url = await createTestDatabase({ empty: true });
    onTestFinished(() => dropTestDatabase(url));
    const [one, two] = ['tickets_one', 'tickets_two'].map((prefix): QueueOptions => ({
      backend: 'postgres',
      url,
      prefix,
    }));
    await Promise.all([migrateTicketStore(one!), migrateTicketStore(two!)]);
    const [a, b] = [await createTicketQueue(one!), await createTicketQueue(two!)];
    onTestFinished(async () => void (await Promise.all([a.close(), b.close()])));
    await a.add([ticket('line')]);
    expect((await a.counts(['line'])).get('line')?.waiting).toBe(1);
    expect((await b.counts(['line'])).get('line')?.waiting).toBe(0);
  });
});

describe('tickets in Postgres for a worker with a login of its own', () => {
  it('are handed out, given back and redelivered to a login that sees nothing but their schema', async () => {
    const url = await createTestDatabase();
    onTestFinished(() => dropTestDatabase(url));
    const store = await Store.open({ url, pool: 2, applicationName: 'test', onError: () => undefined });
    onTestFinished(() => store.close());
    const role = await ensureTicketRole((work) => store.tx(work), 'bullmq', [{ suffix: '', password: 'secret' }]);
    onTestFinished(() => execute(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`));
    const access = new URL(url);
    access.username = role!;
    access.password = 'secret';
    await expect(execute(access.href, 'SELECT 1 FROM job')).rejects.toThrow();

    const queue = await createTicketQueue({ backend: 'postgres', url });
    const source = await createTicketSource({ backend: 'postgres', url: access.href });
    onTestFinished(async () => void (await Promise.all([source.close(1000), queue.close()])));
    const line = randomUUID();
    await source.serve([line]);
    let turns = 0;
    const consumer = new Consumer(source, 2, async (held, self) => {
      if (turns++ === 0) await held.giveBack();
      else if (turns === 2) await held.giveBack(200);
      else await held.done();
      self.free();
    }).start();
    const one = ticket(line);
    await queue.add([one]);
    await expectEventually(async () => expect(await queue.missing(line, [one.ticket_id])).toEqual([one.ticket_id]));
    expect(consumer.ids).toEqual([one.ticket_id, one.ticket_id, one.ticket_id]);
    expect(consumer.errors).toEqual([]);
  });
});

describe('tickets behind a Sentinel', () => {
  it('go on over the replica when the master is killed, doorbells too', async () => {
    const sentinel = await startRedisSentinel();
    onTestFinished(() => sentinel.stop());
    const options: QueueOptions = { backend: 'redis', url: sentinel.url };
    await checkTicketStore(options);
    const queue = await createTicketQueue(options);
    const source = await createTicketSource(options);
    const bus = await createRedisBus(sentinel.url);
    const listener = await createRedisBus(sentinel.url);
    onTestFinished(
      async () => void (await Promise.all([source.close(1000), queue.close(), bus.close(), listener.close()])),
    );
    const line = randomUUID();
    let heard = 0;
    await listener.subscribe('t', () => void (heard += 1));
    await source.serve([line]);
    const consumer = new Consumer(source, 4, finish).start();
    const before = ticket(line);
    await queue.add([before]);
    await expectEventually(() => expect(consumer.ids).toEqual([before.ticket_id]));

    await sentinel.master.kill();
    const after = ticket(line);
    await expectEventually(() => queue.add([after]), { withinMs: 30_000 });
    await expectEventually(() => expect(consumer.ids).toContain(after.ticket_id), { withinMs: 15_000 });
    let i = 0;
    await expectEventually(
      () => {
        bus.publish('t', String(i++));
        expect(heard).toBeGreaterThan(0);
      },
      { withinMs: 15_000 },
    );
  }, 90_000);
});

describe('tickets over TLS', () => {
  it('come through when the authority of the certificate is known, and not when it is not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { key, certificate } = await makeCertificate(folder);
    const [tlsPort] = await freePorts(1);
    const server = await startRedis([
      '--tls-port',
      String(tlsPort),
      '--tls-cert-file',
      certificate,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      certificate,
      '--tls-auth-clients',
      'no',
    ]);
    onTestFinished(() => server.stop());
    const secure: QueueOptions = { backend: 'redis', url: `rediss://localhost:${tlsPort}` };
    await expect(checkTicketStore(secure)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/self-signed/) as string,
    });

    const plain = await createTicketQueue({ backend: 'redis', url: server.url });
    onTestFinished(() => plain.close());
    const [line, one] = [randomUUID(), randomUUID()];
    const { held } = await killedConsumer(
      secure,
      line,
      1,
      () => plain.add([{ ticket_id: `${one}-1`, job_id: one, queue: line, priority: 0 }]),
      { NODE_EXTRA_CA_CERTS: certificate },
    );
    expect(held).toEqual([`${one}-1`]);
  }, 60_000);
});
