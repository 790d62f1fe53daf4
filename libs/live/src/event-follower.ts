import type { JobEvent } from '@drover/domain';
import { eventStore, type Store } from '@drover/store';
import type { Doorbells } from './doorbells.js';

const POLL_MS = 1_000;
/** Events a page. */
const PAGE = 500;
/**
 * An event is delivered only when every transaction that began before it has ended (else a late one would be skipped), so it may not be
 * there yet when its bell rings. Looks after a bell, milliseconds.
 */
const LOOKS_MS = [10, 40, 150];
/** Who follows everything looks at most this often: at thousands of events a second each look brings many. */
const PAUSE_MS = 25;

export interface EventFollowOptions {
  /** An event's id: begin after it. Absent: from the oldest kept. */
  cursor?: string;
  job_id?: string;
  queue?: string;
  signal: AbortSignal;
}

/** Live events, in one order for everybody, without gaps. */
export class EventFollower {
  constructor(
    private readonly store: Store,
    private readonly bells: Doorbells,
  ) {}

  /**
   * Pages of events; `caughtUp`: everything there was at this moment was delivered. Empty pages come, too, at least each second, so that a
   * reader can look at other things. Ends when the signal is aborted.
   */
  async *follow(options: EventFollowOptions): AsyncGenerator<{ events: JobEvent[]; caughtUp: boolean }> {
    const { signal, job_id, queue } = options;
    const filter = { ...(job_id ? { job_id } : {}), ...(queue ? { queue } : {}) };
    const bell = this.bells.listen(job_id);
    let cursor = options.cursor;
    let look = LOOKS_MS.length;
    try {
      while (!signal.aborted) {
        const events = await eventStore.after(this.store.sql, cursor, filter, PAGE);
        if (signal.aborted) return;
        cursor = events.at(-1)?.id ?? cursor;
        const caughtUp = events.length < PAGE;
        yield { events, caughtUp };
        if (!caughtUp) continue;
        const wait = look < LOOKS_MS.length ? (LOOKS_MS[look++] as number) : POLL_MS;
        if (await bell.wait(wait, signal)) {
          look = 0;
          if (!job_id) await pause(PAUSE_MS, signal);
        }
      }
    } finally {
      bell.close();
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
