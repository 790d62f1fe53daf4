import type { Fault } from './fault.js';
import { hasEnded, type Job, type JobEvent } from './types.js';

/** Jobs a page. */
const PAGE_JOBS = 100;
/** Pages whose jobs are held at once; those farthest from what shows are let go, and read again when they show. */
const HELD_PAGES = 30;
/** Jobs that are read anew at once because something happened to them. */
const ANEW_AT_ONCE = 12;
/** Jobs of one answer at most: the first page is found again behind those that have come since. */
const MOST_JOBS = 1_000;

export interface JobPage {
  /** Undefined: the first page. */
  cursor: string | undefined;
  /** Null: they were let go. */
  jobs: Job[] | null;
  /** How many it holds, also when they were let go. */
  count: number;
  /** The parent of each; null: none of them has one. */
  parents: readonly (string | null)[] | null;
  /** The id of each, kept where some have a parent: a family is selected whole, also where its jobs were let go. */
  ids: readonly string[] | null;
}

export interface JobPagesState {
  pages: readonly JobPage[];
  /** Everything was read. */
  complete: boolean;
  loading: boolean;
  error: Fault | null;
  /** Jobs that have come since the first page was read; `more`: at least so many. */
  newer: { count: number; more: boolean };
}

export interface JobSource {
  page: (cursor: string | undefined, limit: number) => Promise<{ jobs: Job[]; next: string | null }>;
  job: (id: string) => Promise<Job>;
}

const EMPTY: JobPagesState = {
  pages: [],
  complete: false,
  loading: false,
  error: null,
  newer: { count: 0, more: false },
};

/** A page of jobs that were read. */
const pageOf = (cursor: string | undefined, jobs: Job[]): JobPage => {
  const ofFamilies = jobs.some(({ parent_id: parent }) => parent !== null);
  return {
    cursor,
    jobs,
    count: jobs.length,
    parents: ofFamilies ? jobs.map(({ parent_id: parent }) => parent) : null,
    ids: ofFamilies ? jobs.map(({ id }) => id) : null,
  };
};

/** The fields of a job that an event tells. */
function changeOf({ state, priority, tags }: JobEvent['data']): Partial<Job> {
  return {
    ...(typeof state === 'string' ? { state: state as Job['state'] } : {}),
    ...(typeof priority === 'number' ? { priority } : {}),
    ...(Array.isArray(tags) ? { tags: tags as string[] } : {}),
  };
}

/**
 * A list of jobs that may have a million of them: it is read page by page, and holds few of them. What was read stays
 * in its place: new jobs are counted, and shown when somebody asks for them; jobs that change are changed in their
 * row.
 */
export class JobPages {
  private state: JobPagesState = EMPTY;
  private readonly listeners = new Set<() => void>();
  private next: string | undefined;
  /** The id of the first job that was read: the page with it may be let go. */
  private newest: string | undefined;
  private reading: Promise<void> | null = null;
  private readonly changed = new Set<string>();
  private looking = false;
  /** Pages that may have changed since they were read. */
  private stale = new Set<number>();
  private shown: [from: number, to: number] = [0, 0];
  /** Where somebody left the list. */
  place: { offset: number; active: string | null } = { offset: 0, active: null };
  /** Counts beginnings: an answer to an earlier one is no news. */
  private turn = 0;

  constructor(private readonly source: JobSource) {}

  now = (): JobPagesState => this.state;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins anew with the newest jobs. What shows stays until they are there. */
  async restart(): Promise<void> {
    const turn = (this.turn += 1);
    this.set({ loading: true, error: null });
    try {
      const { jobs, next } = await this.source.page(undefined, PAGE_JOBS);
      if (turn !== this.turn) return;
      this.next = next ?? undefined;
      this.newest = jobs[0]?.id;
      this.set({ ...EMPTY, pages: [pageOf(undefined, jobs)], complete: next === null });
    } catch (error) {
      if (turn === this.turn) this.set({ loading: false, error: error as Fault });
    }
  }

  /** Goes on where somebody left it: rows stay, those that show are read anew, and new jobs are counted. */
  resume(): void {
    this.stale = new Set(this.state.pages.keys());
    this.show(...this.shown);
    void this.countNewer().catch(() => undefined);
  }

  /** Reads the next page, one at a time. */
  more(): void {
    if (this.state.complete || this.state.loading || this.state.pages.length === 0) return;
    const { turn } = this;
    const cursor = this.next;
    this.set({ loading: true, error: null });
    this.source.page(cursor, PAGE_JOBS).then(
      ({ jobs, next }) => {
        if (turn !== this.turn) return;
        this.next = next ?? undefined;
        this.set({
          pages: [...this.state.pages, pageOf(cursor, jobs)],
          complete: next === null,
          loading: false,
        });
      },
      (error: unknown) => turn === this.turn && this.set({ loading: false, error: error as Fault }),
    );
  }

  /** Says which pages show: those that were let go are read again, and others far away are let go. */
  show(from: number, to: number): void {
    this.shown = [from, to];
    const { pages } = this.state;
    const middle = (from + to) / 2;
    const held = pages.map((_, at) => at).filter((at) => pages[at]?.jobs !== null);
    if (held.length > HELD_PAGES) {
      const far = new Set(
        held.sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle)).slice(0, held.length - HELD_PAGES),
      );
      this.set({
        pages: pages.map((page, at) => (far.has(at) && (at < from || at > to) ? { ...page, jobs: null } : page)),
      });
    }
    for (let at = Math.max(0, from); at <= to; at += 1)
      if (this.state.pages[at]?.jobs === null || this.stale.has(at)) this.readAgain(at);
  }

  private readAgain(at: number): void {
    const page = this.state.pages[at];
    if (!page || this.reading) return;
    const { turn, newest } = this;
    this.stale.delete(at);
    this.reading = this.source
      .page(page.cursor, at === 0 ? MOST_JOBS : PAGE_JOBS)
      .then(({ jobs }) => {
        const from =
          at === 0
            ? Math.max(
                0,
                jobs.findIndex(({ id }) => id === newest),
              )
            : 0;
        if (turn === this.turn) this.replace(at, { ...page, jobs: jobs.slice(from, from + page.count) });
      })
      .catch((error: unknown) => {
        if (turn === this.turn) this.set({ error: error as Fault });
      })
      .finally(() => {
        this.reading = null;
        if (this.stale.size > 0) this.show(...this.shown);
      });
  }

  private replace(at: number, page: JobPage): void {
    this.set({ pages: this.state.pages.map((one, place) => (place === at ? page : one)) });
  }

  /** Takes what happened to jobs. True: there may be new ones. */
  take(events: readonly JobEvent[]): boolean {
    const known = new Map(this.state.pages.flatMap(({ jobs }) => (jobs ?? []).map((job) => [job.id, job] as const)));
    const told = new Map<string, Job>();
    let unknown = false;
    for (const { job_id: id, type, data } of events) {
      const job = told.get(id) ?? known.get(id);
      const change = changeOf(data);
      if (job && Object.keys(change).length > 0) told.set(id, { ...job, ...change });
      else if (!job) unknown ||= type === 'job.queued' || type === 'job.scheduled' || type === 'job.claimed';
    }
    if (told.size > 0) this.patch(told);
    const changed = [...told].filter(([id, { state }]) => known.get(id)?.state !== state);
    for (const [id] of changed) this.changed.add(id);
    if (changed.length > 0) void this.readChanged();
    return unknown;
  }

  /** Puts jobs as they are now into their rows. */
  patch(jobs: ReadonlyMap<string, Job>): void {
    this.set({
      pages: this.state.pages.map((page) =>
        page.jobs?.some(({ id }) => jobs.has(id))
          ? { ...page, jobs: page.jobs.map((job) => jobs.get(job.id) ?? job) }
          : page,
      ),
    });
  }

  /**
   * An event tells little beside the state: the rest is read, of a few jobs at a time. A crowd of them keeps what the
   * events said.
   */
  private async readChanged(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const { turn } = this;
    while (this.changed.size > 0 && turn === this.turn) {
      const ids = [...this.changed].slice(-ANEW_AT_ONCE);
      for (const id of ids) this.changed.delete(id);
      if (this.changed.size > 10 * ANEW_AT_ONCE) this.changed.clear();
      const read = await Promise.all(ids.map((id) => this.source.job(id).catch(() => null)));
      if (turn === this.turn) this.patch(new Map(read.flatMap((job) => (job ? [[job.id, job] as const] : []))));
    }
    this.looking = false;
  }

  /** Counts the jobs that have come since the first page was read. */
  async countNewer(): Promise<void> {
    const first = this.state.pages[0];
    if (!first || this.state.loading) return;
    const { turn, newest } = this;
    const { jobs } = await this.source.page(undefined, PAGE_JOBS);
    if (turn !== this.turn) return;
    // An empty list shows its first jobs by itself: there is nothing that could jump.
    if (first.count === 0 && jobs.length > 0) return this.restart();
    const at = jobs.findIndex(({ id }) => id === newest);
    const count = at < 0 ? jobs.filter(({ id }) => newest !== undefined && id > newest).length : at;
    this.set({ newer: { count, more: count === PAGE_JOBS } });
    if (at >= 0) this.patch(new Map(jobs.slice(at).map((job) => [job.id, job])));
  }

  private set(change: Partial<JobPagesState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** How many jobs may be cancelled, or retried, of these. */
export const canCancel = (job: Pick<Job, 'state'>): boolean => !hasEnded(job.state) && job.state !== 'cancelling';
export const canRetry = (job: Pick<Job, 'state'>): boolean => hasEnded(job.state);
