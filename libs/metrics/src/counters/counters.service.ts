import { currentCaller } from '@drover/access';
import { DroverError, MAIN, type Series } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import { jobStore, metricStore, type Sql, type Store, type StoredSource } from '@drover/store';
import { aggregate, sortedSeries } from './aggregate.js';
import { Archive } from './archive.js';
import { EMPTY, type Contribution } from './contribution.js';
import { ingest } from './ingest.js';
import { descOfJob, mergeDescs, seconds } from './job-desc.js';
import {
  UNLIMITED_SERIES,
  type EndedJob,
  type EndedSink,
  type SeriesRoom,
  type SettledSink,
  type SourceUpdate,
  type UpdateResult,
} from './ports.js';
import { EMPTY_TABLE } from './series-table.js';
import { TableCache } from './tables.js';
import { SourceView, type Entry, type RunningJob } from './view.js';

/** A reader that has not looked for so long reads everything anew: sources that are gone are told for longer than that. */
const STALE_MS = 5 * 60_000;
const GONE_FOR_S = 20 * 60;
/** Reports of a job's last metrics may come after its end; so long they are taken in. */
const SETTLE_S = 15;
const JOBS_LISTED = 20_000;

/** The counters and gauges of everything: sums over sources that are kept in the record, read through a view in memory. */
export class CountersService {
  readonly tables = new TableCache();
  private readonly view: SourceView;
  private readonly archive: Archive;
  private readonly endedSinks: EndedSink[] = [];
  private readonly settledSinks: SettledSink[] = [];
  private jobs = new Map<string, RunningJob & { attempt: number }>();
  private mark: string | null = null;
  private lookedAt = 0;
  private looking: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    /** The host whose entry `Node: HOST` is always listed. */
    readonly host: string,
    readonly room: SeriesRoom = UNLIMITED_SERIES,
  ) {
    this.view = new SourceView(host);
    this.archive = new Archive(this.tables);
    this.tables.keep(EMPTY_TABLE);
  }

  /** Told in the transaction in which a job of clients ends. */
  onEnded(sink: EndedSink): void {
    this.endedSinks.push(sink);
  }

  onSettled(sink: SettledSink): void {
    this.settledSinks.push(sink);
  }

  /** Brings the view to what is committed when this is called. Callers at once share a look. */
  refresh(): Promise<void> {
    if (!this.looking) {
      this.looking = this.look().finally(() => (this.looking = null));
      return this.looking;
    }
    // The look under way may have begun before a write this caller knows of.
    this.next ??= this.looking
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.refresh();
      });
    return this.next;
  }

  private async look(): Promise<void> {
    if (Date.now() - this.lookedAt > STALE_MS) this.mark = null;
    const began = Date.now();
    const { running, ...changes } = await metricStore.look(this.store.sql, this.mark, JOBS_LISTED);
    const tables = await this.tables.load(
      this.store.sql,
      new Set(changes.sources.filter((source) => !source.gone).map((source) => source.table_id)),
    );
    if (this.mark === null) this.view.clear();
    for (const source of changes.sources) {
      const table = source.gone ? EMPTY_TABLE : tables.get(source.table_id);
      if (table && table.width === source.vals.length) this.view.apply(source, table);
    }
    await this.updateJobs(running);
    this.mark = changes.mark;
    this.lookedAt = began;
  }

  private async updateJobs(
    running: { id: string; node: string | null; attempt: number; started_at: Date | null }[],
  ): Promise<void> {
    const isKnown = ({ id, node, attempt, started_at }: (typeof running)[number]): boolean => {
      const known = this.jobs.get(id);
      return (
        known !== undefined &&
        known.attempt === attempt &&
        known.node === node &&
        known.desc.start_time === seconds(started_at)
      );
    };
    const unknown = running.filter((row) => !isKnown(row));
    const fetched = new Map(
      (
        await jobStore.getMany(
          this.store.sql,
          unknown.map((row) => row.id),
        )
      ).map((job) => [job.id, job]),
    );
    const jobs = new Map<string, RunningJob & { attempt: number }>();
    for (const row of running) {
      const job = fetched.get(row.id);
      if (job)
        jobs.set(row.id, {
          id: row.id,
          node: row.node,
          attempt: row.attempt,
          queue: job.queue,
          project: job.project,
          desc: { ...descOfJob({ ...job, node: row.node, started_at: row.started_at }), end_time: 0 },
        });
      else if (this.jobs.has(row.id)) jobs.set(row.id, this.jobs.get(row.id) as RunningJob & { attempt: number });
    }
    this.jobs = jobs;
    this.view.setJobs(jobs);
  }

  /** A number that changes with everything that the entries show. */
  get revision(): number {
    return this.view.revision;
  }

  /** Main, nodes and running jobs of the projects that the caller may see, as of the last refresh. */
  entries(): Entry[] {
    return this.view.entries().filter(isInSight);
  }

  entry(id: string): Entry | null {
    const entry = this.view.entry(id);
    return entry && isInSight(entry) ? entry : null;
  }

  /** The sources by name. */
  seriesOf(entry: Entry): Series[] {
    return this.view.seriesOf(entry);
  }

  /** HELP of each group, by base name. */
  groupDocs(entry: Entry): ReadonlyMap<string, string> {
    return this.view.groupDocs(entry);
  }

  mainDocs(): ReadonlyMap<string, string> {
    return this.groupDocs(this.mustEntry(MAIN));
  }

  /** The time at which a source, e.g. `node:<name>`, was last told. */
  source(key: string): { updated_at: Date; incarnation: string } | null {
    return this.view.source(key) ?? null;
  }

  /** The contribution of a source at the last refresh. */
  contributionOf(key: string): Contribution | null {
    return this.view.source(key)?.contribution ?? null;
  }

  /** Takes readings in and ends the jobs that nobody holds any more. */
  async ingest(updates: SourceUpdate[]): Promise<UpdateResult[]> {
    if (updates.length === 0) return [];
    await this.room.ready();
    return this.store.tx(async (sql) => {
      const { results, released } = await ingest(sql, this.tables, updates, this.room);
      await this.endUnheld(sql, [...released]);
      return results;
    });
  }

  /** Sources will not be told again: the jobs they held end, what they gave stays in the sums. `forget`: not even that. */
  async release(keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.store.tx(async (sql) => {
      const sources = [...(await metricStore.lock(sql, keys)).values()];
      await metricStore.setLive(
        sql,
        sources.map((source) => source.key),
        false,
      );
      await this.endUnheld(sql, [
        ...new Set(
          sources.filter((source) => source.live && source.job !== null).map((source) => source.job as string),
        ),
      ]);
    });
  }

  /** Releases everything a target or agent holds. */
  async releaseHolder(holder: string): Promise<void> {
    await this.release((await metricStore.liveOf(this.store.sql, [holder])).map((row) => row.key));
  }

  async liveKeys(holder: string): Promise<string[]> {
    return (await metricStore.liveOf(this.store.sql, [holder])).map((row) => row.key);
  }

  private async endUnheld(sql: Sql, jobs: string[]): Promise<void> {
    const sources = await metricStore.lockOfJobs(sql, jobs);
    const ended = jobs
      .map((job) => ({ job, own: sources.filter((source) => source.job === job) }))
      .filter(({ own }) => own.length > 0 && !own.some((source) => source.live));
    // A job that Drover runs ends when Drover says so.
    const drovers = new Set(
      (await jobStore.getMany(sql, ended.map(({ job }) => job).filter(isUuid))).map((job) => job.id),
    );
    const told = ended.filter(({ job }) => !drovers.has(job));
    if (told.length === 0) return;
    await this.tellEnded(sql, told);
    await this.archive.putAway(
      sql,
      told.flatMap(({ own }) => own),
    );
  }

  private async tellEnded(sql: Sql, ended: { job: string; own: StoredSource[] }[]): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    const nodes = [...new Set(ended.flatMap(({ own }) => this.clientNodes(own)))];
    const system = await this.systemOf(sql, nodes);
    const jobs: EndedJob[] = [];
    for (const { job, own } of ended) {
      const descs = own.flatMap((source) => (source.description ? [source.description] : []));
      if (descs.length === 0) continue;
      jobs.push({
        desc: { ...mergeDescs(descs), jobid: job, end_time: now },
        own: aggregate(await this.contributions(sql, own)),
        system: system.filter(({ node }) => this.clientNodes(own).includes(node)),
      });
    }
    for (const sink of this.endedSinks) await sink(sql, jobs);
  }

  private clientNodes(sources: StoredSource[]): string[] {
    return sources
      .filter((source) => source.node !== null && (source.kind === 'client' || source.kind === 'execution'))
      .map((source) => source.node as string);
  }

  private async contributions(sql: Sql, sources: StoredSource[]): Promise<Contribution[]> {
    const tables = await this.tables.load(sql, new Set(sources.map((source) => source.table_id)));
    const inOrder = [...sources].sort(
      (a, b) => a.created_at.getTime() - b.created_at.getTime() || (a.key < b.key ? -1 : 1),
    );
    return inOrder.map((source) => {
      const table = tables.get(source.table_id);
      return table && table.width === source.vals.length ? { table, values: source.vals } : EMPTY;
    });
  }

  /** The system metrics of nodes as they are in the record now. */
  async systemOf(sql: Sql, nodes: string[]): Promise<{ node: string; series: Series[] }[]> {
    const rows = await metricStore.read(
      sql,
      nodes.map((node) => `node:${node}`),
    );
    const contributions = await this.contributions(sql, rows);
    const byCreation = [...rows].sort(
      (a, b) => a.created_at.getTime() - b.created_at.getTime() || (a.key < b.key ? -1 : 1),
    );
    return byCreation.map((row, i) => ({
      node: row.node as string,
      series: sortedSeries(contributions[i] as Contribution),
    }));
  }

  /** The own series of jobs as they are in the record now, and where they had clients. Jobs without metrics are absent. */
  async ownOfJobs(sql: Sql, jobs: string[]): Promise<Map<string, { own: Series[]; nodes: string[] }>> {
    const byJob = new Map<string, StoredSource[]>();
    for (const row of await metricStore.readOfJobs(sql, jobs))
      byJob.set(row.job as string, [...(byJob.get(row.job as string) ?? []), row]);
    const owns = new Map<string, { own: Series[]; nodes: string[] }>();
    for (const [job, rows] of byJob)
      owns.set(job, { own: aggregate(await this.contributions(sql, rows)), nodes: this.clientNodes(rows) });
    return owns;
  }

  /** Periodic work, one owner a tick. */
  async tend(): Promise<void> {
    await this.release((await metricStore.liveOfLostAgents(this.store.sql)).map((row) => row.key));
    for (const job of await metricStore.endedJobsWithSources(this.store.sql, SETTLE_S)) {
      await this.store.tx(async (sql) => {
        const sources = await metricStore.lockOfJobs(sql, [job]);
        if (sources.length === 0 || sources.some((source) => source.live)) return;
        const own = aggregate(await this.contributions(sql, sources));
        for (const sink of this.settledSinks) await sink(sql, job, own);
        await this.archive.putAway(sql, sources);
      });
    }
    while ((await this.store.tx((sql) => this.archive.trim(sql))) === 500);
  }

  /** Periodic work that has time: deletes what readers have forgotten, and nodes that have been silent for so long. */
  async clean(silentForS: number): Promise<void> {
    for (const node of await metricStore.silentNodes(this.store.sql, silentForS))
      await this.store.tx((sql) => this.archive.retireNode(sql, node));
    await metricStore.purge(this.store.sql, GONE_FOR_S);
  }

  /** The entry, or `not_found`. Call `refresh` before. */
  mustEntry(id: string): Entry {
    const entry = this.entry(id);
    if (!entry) throw new DroverError('not_found', `No such jobid ${id}`, { entry: id });
    return entry;
  }

  mainSeries(): Series[] {
    return this.seriesOf(this.mustEntry(MAIN));
  }
}

function isInSight({ project }: Entry): boolean {
  const scope = currentCaller()?.scope ?? null;
  return scope === null || project === null || project === scope;
}
