import { setTimeout as sleep } from 'node:timers/promises';
import { DroverError } from '@drover/domain';
import { DatabaseAway, isAway } from '@drover/store';

const TRY_AGAIN_MS = 500;
const SAY_AGAIN_MS = 5_000;

/** Says why something waits. */
export type Tell = (fields: { error: string; seconds_left: number }, message: string) => void;

/**
 * Starts something that needs the database, again and again while the database is away, and says so each few seconds. A
 * fault that waiting does not cure ends it at once.
 *
 * @throws DroverError `unavailable` when the database is still away after `withinS`
 */
export async function whenThere<T>(withinS: number, tell: Tell, start: () => Promise<T>): Promise<T> {
  const end = Date.now() + withinS * 1000;
  let said = -Infinity;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!isAway(error)) throw error;
      const reason = reasonOf(error);
      const left = end - Date.now();
      if (left <= 0) {
        throw new DroverError(
          'unavailable',
          ticketStoreOf(error)
            ? `${ticketStoreOf(error)?.replace(/\.?$/, '.')} It was away for ${withinS} s (DROVER_DATABASE_WAIT).`
            : `The database was away for ${withinS} s (DROVER_DATABASE_WAIT): ${reason}. Start it, or correct DROVER_DATABASE_URL.`,
        );
      }
      if (Date.now() - said >= SAY_AGAIN_MS) {
        said = Date.now();
        const seconds = Math.ceil(left / 1000);
        tell(
          { error: reason, seconds_left: seconds },
          `the ${ticketStoreOf(error) ? 'ticket store' : 'database'} is away; the API tries again for another ${seconds} s (DROVER_DATABASE_WAIT)`,
        );
      }
      await sleep(Math.min(TRY_AGAIN_MS, Math.max(left, 1)));
    }
  }
}

/** The message of a ticket store that is away, with its name and a remedy; null: it is the database. */
const ticketStoreOf = (error: unknown): string | null =>
  error instanceof DroverError && !(error instanceof DatabaseAway) ? error.message : null;

/** The innermost words: those of the network or of Postgres. */
function reasonOf(error: unknown): string {
  let at = error as Error;
  while (at.cause instanceof Error || (at instanceof DroverError && at.details['cause'] instanceof Error)) {
    at = (at.cause ?? (at as DroverError).details['cause']) as Error;
  }
  if (at instanceof AggregateError && at.message === '')
    return at.errors.map((one) => (one as Error).message).join(', ');
  return at.message || String((at as { code?: string }).code ?? at);
}
