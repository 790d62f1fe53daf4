import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '@drover/store';
import { sources } from '../house/sources.js';
import { PROJECT } from '../support/built.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

let url: string;
let store: Store;

beforeAll(async () => {
  url = await createTestDatabase();
  store = await Store.open({ url });
});

afterAll(async () => {
  await store.close();
  await dropTestDatabase(url);
});

/** Postgres plans these; it does others at once. */
const IS_PLANNED = /^(SELECT|INSERT|UPDATE|DELETE|WITH)\s/;
const files = sources('libs').filter(({ path }) => path.endsWith('.sql.ts'));

/** The statements of a file that are constants, by their names. */
async function statementsOf(path: string): Promise<[name: string, statement: string][]> {
  const named = (await import(join(PROJECT, path))) as Record<string, unknown>;
  return Object.entries(named)
    .flatMap(([name, value]) => (Array.isArray(value) ? value.map((one: unknown) => [name, one]) : [[name, value]]))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && IS_PLANNED.test(entry[1]));
}

describe('the statements of', () => {
  it.each(files.map(({ path }) => path))('%s fit our tables: Postgres plans each of them', async (path) => {
    const refused: string[] = [];
    for (const [name, statement] of await statementsOf(path))
      await store.sql
        .rows(`EXPLAIN (GENERIC_PLAN) ${statement}`)
        .catch((error: unknown) => refused.push(`${name}: ${String(error)}`));
    expect(refused).toEqual([]);
  });

  it('all files are constants, but for those with variable parts', async () => {
    const found = await Promise.all(files.map(({ path }) => statementsOf(path)));
    expect(found.flat().length).toBeGreaterThan(200);
  });
});
