import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '@drover/embedded';
import { migrateTicketStore } from '@drover/queue';
import { migrate } from '@drover/store';
import { buildOnce } from './built.js';
import { execute, TEMPLATE, withDatabase } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of the run's Postgres. */
    postgresUrl: string;
    /** The key file of every API a test starts within its own process: several of them share a record. */
    keyFile: string;
  }
}

/** Once a run: the programs are built, and one Postgres without durability holds a template database, migrated for the record and for tickets. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await buildOnce();
  const dataDir = mkdtempSync(join(tmpdir(), 'drover-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, superuser: true });
  const superuserUrl = postgres.superuserUrl as string;
  try {
    await execute(superuserUrl, `CREATE DATABASE ${TEMPLATE}`);
    await migrate(withDatabase(superuserUrl, TEMPLATE));
    await migrateTicketStore({ backend: 'postgres', url: withDatabase(superuserUrl, TEMPLATE) });
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  project.provide('postgresUrl', superuserUrl);
  project.provide('keyFile', join(dataDir, 'instance.key'));
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
