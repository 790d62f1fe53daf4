import { randomUUID } from 'node:crypto';
import { Store } from '@drover/store';
import { seconds } from '../lib/numbers.js';

/** Bare multi-row inserts of the same JSON text into a table with nothing but a key: rows a second. */
export async function bareInsertRate(url: string, rows: number, batch: number, body: object): Promise<number> {
  const store = await Store.open({ url, pool: 2 });
  try {
    await store.sql.run('CREATE TABLE bench_floor (id uuid PRIMARY KEY, body jsonb NOT NULL)');
    const text = JSON.stringify(body);
    const start = performance.now();
    for (let at = 0; at < rows; at += batch) {
      await store.sql.run('INSERT INTO bench_floor SELECT * FROM unnest($1::uuid[], $2::jsonb[])', [
        Array.from({ length: batch }, () => randomUUID()),
        Array.from({ length: batch }, () => text),
      ]);
    }
    return rows / seconds(start);
  } finally {
    await store.sql.run('DROP TABLE IF EXISTS bench_floor').catch(() => undefined);
    await store.close();
  }
}
