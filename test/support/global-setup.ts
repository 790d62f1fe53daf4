import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { tablesOfDialects } from '@drover/dialects';
import { startEmbeddedPostgres } from '@drover/embedded';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate } from '@drover/store';
import { buildOnce } from './built.js';
import { createDatabase, execute, TEMPLATE, withDatabase, type Login } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of the run's Postgres. */
    postgresUrl: string;
    /** The logins that production gives its programs, in the run's own database. */
    logins: Record<Login, string>;
    /** The key file of every API a test starts within its own process: several of them share a record. */
    keyFile: string;
  }
}

/**
 * Once a run: the programs are built, and one Postgres without durability holds a template database, migrated for the
 * record and for tickets.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await buildOnce();
  const dataDir = mkdtempSync(join(tmpdir(), 'drover-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, superuser: true });
  const superuserUrl = postgres.superuserUrl as string;
  try {
    // As `drover migrate` does it, with the same owner and the same grants: what the API or a worker may not do fails
    // in tests too.
    await createDatabase(superuserUrl, TEMPLATE);
    await execute(withDatabase(superuserUrl, TEMPLATE), 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
    const [ownerUrl, appUrl, ticketsUrl] = [postgres.ownerUrl, postgres.url, postgres.ticketsUrl].map((url) =>
      withDatabase(url, TEMPLATE),
    ) as [string, string, string];
    await migrate(ownerUrl, await tablesOfDialects());
    await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
    await grantAccess({ ownerUrl, appUrl, ticketsUrl }, TICKET_SCHEMA);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  project.provide('postgresUrl', superuserUrl);
  project.provide('logins', { app: postgres.url, tickets: postgres.ticketsUrl, owner: postgres.ownerUrl });
  project.provide('keyFile', join(dataDir, 'instance.key'));
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
