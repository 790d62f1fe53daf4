/*
 * BullMQ tells its scripts the time of the process that calls them, so a worker whose clock is an hour behind would
 * start nothing that was to wait for its time, and one that is ahead would take all of it at once. Where it hands a
 * script the time, ours is put in its place.
 */

/** Where the time stands among the arguments of a script: for Redis after its eleven keys. */
const REDIS_TIME: Readonly<Record<string, number>> = { moveToActive: 12 };
/** The place of the time among the parameters of a function in Postgres. */
const POSTGRES_TIME: Readonly<Record<string, number>> = {
  move_to_active: 3,
  next_signal: 2,
  move_stalled_jobs_to_wait: 2,
  move_active_to_wait: 3,
  extend_locks: 4,
};

const told =
  (places: Readonly<Record<string, number>>) =>
  (script: string, args: unknown[], now: number): unknown[] => {
    const at = places[script];
    return at === undefined || typeof args[at] !== 'number' ? args : args.with(at, now);
  };

/** The arguments of one of BullMQ's scripts with the broker's time in them. */
export const withRedisTime = told(REDIS_TIME);
export const withPostgresTime = told(POSTGRES_TIME);
