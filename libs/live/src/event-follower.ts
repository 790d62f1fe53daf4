import { NO_CALLERS, type Callers, type JobEvent } from '@drover/domain';
import { jobStore, type Store } from '@drover/store';
import type { Doorbells } from './doorbells.js';

const POLL_MS = 1_000;
/** Events a page. */
const PAGE = 500;
/**
 * An event is delivered only when every transaction that began before it has ended (else a late one would be skipped),
 * so it may not be there yet when its bell rings. Looks after a bell, milliseconds.
 */
const LOOKS_MS = [10, 40, 150];
/** The least time between two looks of a follower of everything: at thousands of events a second each look brings many. */
const PAUSE_MS = 25;

/** Where to begin. Made by {@link EventFollower.now}. */
export interface EventStart {
  /** An event's id: begin after it. */
  cursor: string;
  /** Ids of events that are left out when they come. */
  ahead: ReadonlySet<string>;
}

export interface EventFollowOptions {
  /** An event's id, or a moment: begin after it. Absent: from the oldest kept. */
  from?: string | EventStart;
  job_id?: string;
  queue?: string;
  signal: AbortSignal;
}

/** Live events, in one order for everybody, without gaps. A caller of one project gets the events of its jobs alone. */
export class EventFollower {
  constructor(
    private readonly store: Store,
    private readonly bells: Doorbells,
    private readonly callers: Callers = NO_CALLERS,
  ) {}

  /**
   * The present moment: who follows from there gets what is committed later, and nothing of before. Ask before anything
   * else is looked at: whatever changes after that look comes as an event.
   */
  async now(filter: { queue?: string } = {}): Promise<EventStart> {
    const { cursor, ahead } = await this.store.events.now(filter);
    return { cursor, ahead: new Set(ahead) };
  }

  /** Whether an event's id is a position in this record; from another one a follower has to begin anew. */
  async isOurs(cursor: string): Promise<boolean> {
    return this.store.events.isOurs(cursor);
  }

  /**
   * Pages of events; `caughtUp`: everything there was at this moment was delivered. Empty pages come, too, at least
   * each second, so that a reader can look at other things. Ends when the signal is aborted.
   */
  async *follow(options: EventFollowOptions): AsyncGenerator<{ events: JobEvent[]; caughtUp: boolean }> {
    const { signal, job_id, queue } = options;
    const filter = { ...(job_id ? { job_id } : {}), ...(queue ? { queue } : {}) };
    const project = this.callers.now()?.scope ?? null;
    const bell = this.bells.listen(job_id);
    const { from } = options;
    let cursor = typeof from === 'object' ? from.cursor : from;
    const ahead = new Set(typeof from === 'object' ? from.ahead : []);
    let look = LOOKS_MS.length;
    try {
      while (!signal.aborted) {
        const page = await this.store.events.after(cursor, filter, PAGE);
        if (signal.aborted) return;
        cursor = page.at(-1)?.id ?? cursor;
        const caughtUp = page.length < PAGE;
        const events = ahead.size === 0 ? page : page.filter((event) => !ahead.delete(event.id));
        yield { events: project === null ? events : await this.ofProject(events, project), caughtUp };
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

  private async ofProject(events: JobEvent[], project: string): Promise<JobEvent[]> {
    const inside = await jobStore.ofProject(this.store.sql, [...new Set(events.map((event) => event.job_id))], project);
    return events.filter((event) => inside.has(event.job_id));
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
