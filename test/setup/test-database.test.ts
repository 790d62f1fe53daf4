import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

async function tables(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    return found.rows.map((row) => row.name);
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  it('is migrated, and no other test sees it', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one).not.toBe(two);
    expect(await tables(one)).toContain('job');
    await Promise.all([dropTestDatabase(one), dropTestDatabase(two)]);
    await expect(tables(one)).rejects.toThrow(/does not exist/);
  });

  it('can be had without a schema', async () => {
    const url = await createTestDatabase({ empty: true });
    expect(await tables(url)).toEqual([]);
    await dropTestDatabase(url);
  });
});
