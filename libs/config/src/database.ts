/**
 * A transaction whose owner says nothing for this long is ended by Postgres, so that a frozen process holds no locks.
 * Milliseconds.
 */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** Settings of every connection of Drover to Postgres, whoever opens it. */
export const CONNECTION_LIMITS = { idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS } as const;
