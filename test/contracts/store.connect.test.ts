import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '@drover/store';
import { createTestDatabase } from '../support/postgres.js';

/** How long the store waits for a connection before it tries once more; `connectTimeoutMS` in libs/store. */
const CONNECT_MS = 5_000;

describe('a Postgres that does not answer a new connection', () => {
  let server: Server;
  let sockets: Socket[];
  let silent: number;
  let accepted: number;
  let store: Store;

  beforeEach(async () => {
    const url = new URL(await createTestDatabase());
    const postgres = { port: Number(url.port), host: url.hostname };
    [sockets, silent, accepted] = [[], 0, 0];
    // Passes everything on to the real Postgres, but for the next `silent` connections: nobody answers those.
    server = createServer((client) => {
      sockets.push(client);
      client.on('error', () => {});
      accepted += 1;
      if (silent > 0) {
        silent -= 1;
        return;
      }
      const upstream = connect(postgres);
      sockets.push(upstream);
      upstream.on('error', () => {});
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    store = await Store.open({ url: url.href, pool: 4 });
  });
  afterEach(async () => {
    await store.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Runs `work` while the connections that are open are busy, so that its statement needs a new one. */
  async function withAllBusy(work: () => Promise<void>): Promise<void> {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let held: Promise<void> | undefined;
    await new Promise<void>((busy) => {
      held = store.tx(async (sql) => {
        await sql.rows('SELECT 1');
        busy();
        await released;
      });
    });
    try {
      await work();
    } finally {
      release();
      await held;
    }
  }

  it('is asked once more, and the statement runs on the second connection', () =>
    withAllBusy(async () => {
      const before = accepted;
      silent = 1;
      expect(await store.sql.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(accepted).toBe(before + 2);
    }));

  it('is away after two tries, within twice the time of one', () =>
    withAllBusy(async () => {
      silent = 2;
      const from = performance.now();
      await expect(store.sql.rows('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
      expect(performance.now() - from).toBeLessThan(2 * CONNECT_MS + 3_000);
    }));
});
