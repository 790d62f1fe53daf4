import { DroverError, invalid } from '@drover/domain';
import { isAway, limitStatements, sqlState, type Sql, type Store } from '@drover/store';

export interface SearchOptions {
  /** Searches at once, and waiting for their turn. */
  atOnce?: number;
  waiting?: number;
  /** Milliseconds one may take. */
  timeoutMs?: number;
}

/**
 * Searches by a text: few at once, so that they never take all connections of the pool, and each with a time limit that
 * Postgres itself holds. Throws `rate_limited` when too many wait, `invalid` when one took too long.
 */
export class Searches {
  private readonly atOnce: number;
  private readonly most: number;
  private readonly timeoutMs: number;
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly store: Store,
    options: SearchOptions = {},
  ) {
    this.atOnce = options.atOnce ?? 3;
    this.most = options.waiting ?? 100;
    this.timeoutMs = options.timeoutMs ?? 2_000;
  }

  async run<T>(field: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running += 1;
    else {
      if (this.waiting.length >= this.most)
        throw new DroverError('rate_limited', 'Too many searches wait; try again in a second.', { retry_after_s: 1 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await this.store.tx(async (sql) => {
        await limitStatements(sql, this.timeoutMs);
        return work(sql);
      });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw invalid([
        {
          field,
          message: `took longer than ${this.timeoutMs} ms to search; give a longer text or another filter beside it`,
        },
      ]);
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}

/** Postgres's "canceling statement due to statement timeout". */
function isTimeout(error: unknown): boolean {
  return (
    sqlState(error) === '57014' || (isAway(error) && error instanceof Error && sqlState(error.cause ?? {}) === '57014')
  );
}
