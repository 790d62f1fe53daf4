import { DEFAULT_PROJECT, isReservedEntry, MAIN, nodeEntry, type JobDesc, type Series } from '@drover/domain';
import type { StoredSource } from '@drover/store';
import { aggregate } from './aggregate.js';
import type { Contribution } from './contribution.js';
import { mainDesc, mergeDescs, nodeDesc } from './job-desc.js';
import { compare, type SeriesTable } from './series-table.js';

export interface ViewSource extends Omit<StoredSource, 'vals' | 'table_id'> {
  contribution: Contribution;
  /** The number of the change that brought it here; it grows. */
  version: number;
}

/** One of Drover's jobs while it runs. */
export interface RunningJob {
  id: string;
  node: string | null;
  desc: JobDesc;
  queue: string;
  project: string;
}

/** An entry of the lists: main, a node, or a job. */
export interface Entry {
  id: string;
  kind: 'main' | 'node' | 'job';
  desc: JobDesc;
  /** Its own sources, in the order they came. */
  own: readonly ViewSource[];
  /** The system metrics of the nodes where a job has clients. */
  system: readonly ViewSource[];
  /** The queue of a job of Drover; null for others. */
  queue: string | null;
  /** The project whose members see it. Null: main and nodes, which everybody sees. */
  project: string | null;
  /** Changes with every change of its series. */
  stamp: string;
}

/** Sources by what they feed. Knows nothing of where they come from; `apply` tells it. */
export class SourceView {
  private readonly sources = new Map<string, ViewSource>();
  private readonly byJob = new Map<string, Set<ViewSource>>();
  private readonly byNode = new Map<string, Set<ViewSource>>();
  private readonly mains = new Set<ViewSource>();
  private readonly sorted = new Map<string, ViewSource[]>();
  private readonly series = new Map<string, { stamp: string; series: Series[] }>();
  private jobs = new Map<string, RunningJob>();
  private version = 0;

  constructor(private readonly host: string) {}

  get size(): number {
    return this.sources.size;
  }

  /** A number that changes with everything that is shown. */
  get revision(): number {
    return this.version;
  }

  clear(): void {
    for (const source of this.sources.values()) this.drop(source);
  }

  apply(stored: StoredSource, table: SeriesTable): void {
    const before = this.sources.get(stored.key);
    if (stored.gone) {
      if (before) this.drop(before);
      return;
    }
    // Readers are told a row again while older transactions are under way.
    if (before?.tx === stored.tx) return;
    const { vals, table_id: _, ...facts } = stored;
    this.version += 1;
    const source: ViewSource = { ...facts, contribution: { table, values: vals }, version: this.version };
    if (
      before &&
      before.job === source.job &&
      before.node === source.node &&
      before.feeds_main === source.feeds_main &&
      before.kind === source.kind
    ) {
      // The common case: new values. The same object, so that no index changes.
      Object.assign(before, source);
      return;
    }
    if (before) this.drop(before);
    this.sources.set(source.key, source);
    this.index(source);
  }

  setJobs(jobs: Map<string, RunningJob>): void {
    const same = jobs.size === this.jobs.size && [...jobs].every(([id, job]) => this.jobs.get(id) === job);
    if (!same) this.version += 1;
    this.jobs = jobs;
  }

  source(key: string): ViewSource | undefined {
    return this.sources.get(key);
  }

  all(): Iterable<ViewSource> {
    return this.sources.values();
  }

  /** Main, nodes by name, jobs by start. */
  entries(): Entry[] {
    const nodes = [...new Set([this.host, ...this.byNode.keys()])].sort(compare);
    const ids = new Set(this.jobs.keys());
    for (const [job, sources] of this.byJob) if ([...sources].some((source) => source.live)) ids.add(job);
    const jobs = [...ids].map((id) => this.jobEntry(id) as Entry);
    jobs.sort((a, b) => a.desc.start_time - b.desc.start_time || compare(a.id, b.id));
    return [this.mainEntry(), ...nodes.map((node) => this.nodeEntry(node)), ...jobs];
  }

  /** Null: nothing of that id is listed. */
  entry(id: string): Entry | null {
    if (id === MAIN) return this.mainEntry();
    if (isReservedEntry(id)) {
      const node = id.slice(nodeEntry('').length);
      return node === this.host || this.byNode.has(node) ? this.nodeEntry(node) : null;
    }
    return this.jobEntry(id);
  }

  /** The series of an entry, by name. Kept until one of its sources changes. */
  seriesOf(entry: Entry): Series[] {
    const known = this.series.get(entry.id);
    if (known?.stamp === entry.stamp) return known.series;
    const series = aggregate([...entry.own, ...entry.system].map((source) => source.contribution));
    if (this.series.size > 5_000) this.series.clear();
    this.series.set(entry.id, { stamp: entry.stamp, series });
    return series;
  }

  /** The doc of each group of an entry: its first member's, of the first contributor that tells one. */
  groupDocs(entry: Entry): ReadonlyMap<string, string> {
    const docs = new Map<string, string>();
    for (const { contribution } of [...entry.own, ...entry.system]) {
      for (const [base, doc] of contribution.table.groupDocs) if (!docs.has(base)) docs.set(base, doc);
    }
    return docs;
  }

  private mainEntry(): Entry {
    return this.make(MAIN, 'main', mainDesc(), this.inOrder(MAIN, this.mains), []);
  }

  private nodeEntry(node: string): Entry {
    const id = nodeEntry(node);
    return this.make(id, 'node', nodeDesc(node), this.inOrder(id, this.byNode.get(node)), []);
  }

  private jobEntry(id: string): Entry | null {
    const running = this.jobs.get(id);
    const own = this.inOrder(id, this.byJob.get(id));
    const live = own.filter((source) => source.live);
    if (!running && live.length === 0) return null;
    const desc =
      running?.desc ?? mergeDescs(live.flatMap((source) => (source.description ? [source.description] : [])));
    const nodes = new Set(
      own
        .filter((source) => source.node !== null && (source.kind === 'client' || source.kind === 'execution'))
        .map((source) => source.node as string),
    );
    if (running?.node) nodes.add(running.node);
    const system = [...nodes].sort(compare).flatMap((node) => this.sources.get(`node:${node}`) ?? []);
    return this.make(id, 'job', desc, own, system, {
      queue: running?.queue ?? null,
      project: running?.project ?? DEFAULT_PROJECT,
    });
  }

  private make(
    id: string,
    kind: Entry['kind'],
    desc: JobDesc,
    own: readonly ViewSource[],
    system: readonly ViewSource[],
    of: Pick<Entry, 'queue' | 'project'> = { queue: null, project: null },
  ): Entry {
    let newest = 0;
    for (const source of own) newest = Math.max(newest, source.version);
    for (const source of system) newest = Math.max(newest, source.version);
    return { id, kind, desc, own, system, ...of, stamp: `${newest}.${own.length}.${system.length}` };
  }

  /** One order for all replicas: as the sources came, then by key. */
  private inOrder(id: string, sources: Set<ViewSource> | undefined): ViewSource[] {
    if (!sources) return [];
    let list = this.sorted.get(id);
    if (!list) {
      list = [...sources].sort((a, b) => a.created_at.getTime() - b.created_at.getTime() || compare(a.key, b.key));
      this.sorted.set(id, list);
    }
    return list;
  }

  private index(source: ViewSource): void {
    if (source.feeds_main) {
      this.mains.add(source);
      this.sorted.delete(MAIN);
    }
    if (source.node !== null) this.put(this.byNode, source.node, nodeEntry(source.node), source);
    if (source.job !== null) this.put(this.byJob, source.job, source.job, source);
  }

  private put(index: Map<string, Set<ViewSource>>, key: string, entry: string, source: ViewSource): void {
    const set = index.get(key);
    if (set) set.add(source);
    else index.set(key, new Set([source]));
    this.sorted.delete(entry);
  }

  private drop(source: ViewSource): void {
    this.version += 1;
    this.sources.delete(source.key);
    this.mains.delete(source);
    this.sorted.delete(MAIN);
    for (const [index, key, entry] of [
      [this.byNode, source.node, nodeEntry(source.node ?? '')],
      [this.byJob, source.job, source.job ?? ''],
    ] as const) {
      if (key === null) continue;
      const set = index.get(key);
      set?.delete(source);
      if (set?.size === 0) index.delete(key);
      this.sorted.delete(entry);
      this.series.delete(entry);
    }
    this.series.delete(MAIN);
  }
}
