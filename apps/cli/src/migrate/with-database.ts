import type { Config } from '@drover/config';
import { DroverError } from '@drover/domain';
import { runningPostgres, startEmbeddedPostgres, type PostgresUrls } from '@drover/embedded';

/** Logins of the database of an installation. */
export type DatabaseUrls = Omit<PostgresUrls, 'ticketsUrl'> & { ticketsUrl: string | null };

/**
 * Works on the database that the settings name. Without DROVER_DATABASE_URL it is the embedded Postgres: the running
 * one, else one that is started for the purpose.
 *
 * @throws DroverError with the remedy when the database cannot be used
 */
export async function withDatabase<T>(
  { databaseUrl, migrateUrl, ticketsUrl, dataDir }: Config,
  work: (urls: DatabaseUrls) => Promise<T>,
): Promise<T> {
  const running =
    databaseUrl === null
      ? runningPostgres(dataDir)
      : { url: databaseUrl, ownerUrl: migrateUrl ?? databaseUrl, ticketsUrl };
  const own = running === null ? await startEmbeddedPostgres({ dataDir }) : null;
  try {
    return await work(running ?? (own as PostgresUrls));
  } catch (error) {
    throw readable(error);
  } finally {
    await own?.stop();
  }
}

/** The driver's error for a database that cannot be reached, with the remedy. */
function readable(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const remedies: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there: start PostgreSQL, or correct DROVER_DATABASE_URL',
    ENOTFOUND: 'the host name is not known: correct DROVER_DATABASE_URL',
    ETIMEDOUT: 'it does not answer: check address and firewall, or correct DROVER_DATABASE_URL',
    '28P01': 'the password is wrong: correct DROVER_DATABASE_URL',
    '3D000': 'the database does not exist: create it, or correct DROVER_DATABASE_URL',
    '42501':
      'the user may not create tables there: name the owner of the schema in DROVER_MIGRATE_URL, or grant the user CREATE on the database and the schema',
    '53100': 'its disk is full: free some room and try again',
    '55P03': 'somebody held a table for 60 s: try again when no migration runs',
    '57P01': 'it was shut down: start it and try again',
  };
  const remedy = remedies[code ?? ''];
  return remedy === undefined
    ? error
    : new DroverError('unavailable', `The database cannot be used (${message || code}): ${remedy}.`);
}
