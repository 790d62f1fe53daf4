/**
 * The numbers of Postgres's advisory locks: each is held by one connection at a time, over all processes of an
 * installation. No two uses share a number. A number keeps its use: processes of two versions run side by side during
 * an upgrade.
 */
export const ADVISORY_LOCKS = {
  /** One migration at a time. */
  migration: 7_267_451_001,
  /** One placement at a time. */
  placement: 7_267_451_002,
  /** One process at a time prepares the tables of the tickets. */
  ticketTables: 7_267_451_003,
  /** One change of the key ring at a time. */
  keyring: 7_267_451_010,
  /** Logins are made, and get their rights, by one migration at a time. */
  logins: 7_267_451_011,
  /** One API at a time makes the logins for tickets. */
  ticketLogins: 7_267_451_012,
} as const;

/** A use of an advisory lock that has a number of its own. */
export type AdvisoryLock = keyof typeof ADVISORY_LOCKS;

/** First numbers of locks of two numbers, which Postgres keeps apart from those of one; the second one names a row. */
export const ADVISORY_LOCK_SPACES = {
  /** By project: its quotas are counted by one transaction at a time. */
  projects: 7_110_000,
} as const;
