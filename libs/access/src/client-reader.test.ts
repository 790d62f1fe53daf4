import { expect, it } from 'vitest';
import type { Store } from '@drover/store';
import { ClientReader } from './client-reader.js';

/** A store whose reads are answered by the test. */
function slowStore() {
  const reads: { ids: string[]; answer: (role: string) => void; fail: () => void }[] = [];
  const rows = (_: string, [ids]: [string[]]) =>
    new Promise((resolve, reject) => {
      reads.push({
        ids,
        answer: (role) => resolve(ids.map((id) => ({ id, role }))),
        fail: () => reject(new Error('away')),
      });
    });
  return { reads, store: { sql: { rows } } as unknown as Store };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('reads what is asked at once with one statement, and never answers with a read that began before the question', async () => {
  const { reads, store } = slowStore();
  const reader = new ClientReader(store);
  const first = [reader.read('a'), reader.read('b'), reader.read('a')];
  await turn();
  const later = reader.read('a');
  await turn();
  expect(reads.map((read) => read.ids)).toEqual([['a', 'b']]);
  reads[0]?.answer('admin');
  expect((await Promise.all(first)).map((row) => row?.role)).toEqual(['admin', 'admin', 'admin']);
  await turn();
  expect(reads).toHaveLength(2);
  reads[1]?.answer('viewer');
  expect((await later)?.role).toBe('viewer');
});

it('goes on after a read that failed', async () => {
  const { reads, store } = slowStore();
  const reader = new ClientReader(store);
  const failed = reader.read('a');
  await turn();
  reads[0]?.fail();
  await expect(failed).rejects.toThrow('away');
  const next = reader.read('a');
  await turn();
  reads[1]?.answer('viewer');
  expect((await next)?.role).toBe('viewer');
});
