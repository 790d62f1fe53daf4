import { DroverError } from '@drover/domain';

/** The sentence every client gets while the database is away. */
export const AWAY = 'The database does not answer at the moment; try again in a second.';

/** Postgres is away, or ended what was under way: the same request may be sent again. Code `unavailable`. */
export class DatabaseAway extends DroverError {
  constructor(cause: unknown) {
    super('unavailable', AWAY);
    // Not among the details, which are told to clients.
    Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
  }
}

/**
 * SQLSTATEs that mean "not now": connection faults (08), too many of something or a full disk (53), an operator's or a
 * crash's shutdown and cancelled statements (57), I/O errors (58), a transaction that sat idle for too long (25P03), a
 * standby after a failover (25006), locks and conflicts that outlasted every try (40, 55P03), and a database that takes
 * no connections (55000).
 */
const NOT_NOW = /^(08...|53...|57...|58...|25P03|25006|40...|55P03|55000)$/;
/** Faults of the network, and the driver's own. */
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/;
/** 40001 serialization failure, 40P01 deadlock: Postgres itself says "try again". */
const RETRYABLE = new Set(['40001', '40P01']);
/** The driver and TypeORM have no codes for these. */
const LOST_WORDS =
  /did not answer within|Connection terminated|Connection ended|timeout exceeded when trying to connect|not queryable|Query read timeout|Query runner already released|Transaction is not started yet|after calling end on the pool/;

/** Postgres's code of an error, wherever TypeORM has put it. */
export function sqlState(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : undefined;
}

/** Whether the database, not the statement, is the reason. Looks through causes, also those of other libs' errors. */
export function isAway(error: unknown): boolean {
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if (at instanceof DatabaseAway) return true;
    const code = sqlState(at);
    if (code !== undefined && (NOT_NOW.test(code) || NETWORK.test(code))) return true;
    if (LOST_WORDS.test(at.message)) return true;
    // Several addresses of one name were tried.
    if (at instanceof AggregateError && at.errors.some(isAway)) return true;
    at = at.cause ?? (at instanceof DroverError ? at.details['cause'] : undefined);
  }
  return false;
}

/** Whether the pool gave up on a connection because its time ran out, as pg-pool says it. */
export function isConnectTimeout(error: unknown): boolean {
  return (
    error instanceof Error && /timeout exceeded when trying to connect|due to connection timeout/.test(error.message)
  );
}

/** An error of a statement as the rest of Drover knows it: `unavailable` when the database is away, else as it is. */
export function classified(error: unknown, connectionLost = false): unknown {
  if (error instanceof DroverError) return error;
  return connectionLost || isAway(error) ? new DatabaseAway(error) : error;
}

/** Whether it failed only because others worked on the same rows: one at a time it may succeed. */
export function isContention(error: unknown): boolean {
  const code = sqlState(error instanceof DatabaseAway ? error.cause : error);
  return code !== undefined && RETRYABLE.has(code);
}
