import { currentCaller } from '@drover/access';
import {
  auditOf,
  DEFAULT_PROJECT,
  DroverError,
  type JobDesc,
  type Profile,
  type ProfileSummary,
  type Series,
} from '@drover/domain';
import { Searches, type StoredJob } from '@drover/jobs';
import {
  auditStore,
  jobStore,
  profileStore,
  settingStore,
  type DigestRow,
  type NewProfile,
  type ProfileFilter,
  type ProfileHead,
  type Sql,
  type Store,
  type StoredProfile,
} from '@drover/store';
import { compareFigures, figuresOf, medianFigures, rangesOf, type Figure, type Range } from './compare.js';
import { mergeSeries } from './merge.js';
import type { Describe, MetricsSource, ProfilesLogger } from './ports.js';

/**
 * Jobs that end within this time are written together: a group costs six statements, however many jobs it has. Readers
 * write what waits before they look.
 */
const GATHER_MS = 500;
const BATCH = 500;
/** Where the search for jobs that ended without a profile goes on. */
const RECOVERED = 'profiles_recovered_until';
const OVERLAP_MS = 60_000;
/** Profiles of one command that points and medians are taken from. */
const MAX_OF_COMMAND = 1_000;

const NOTHING_KNOWN: ProfileSummary = {
  wall_s: null,
  cpu_seconds: null,
  peak_memory_bytes: null,
  read_bytes: null,
  write_bytes: null,
  samples: null,
};

export interface ClientJob {
  desc: JobDesc;
  own: Series[];
  system: { node: string; series: Series[] }[];
}

/** A profile figure by figure against something, beside what other runs of its command used. */
export interface Comparison {
  b: Profile;
  figures: Figure[];
  ranges: ReadonlyMap<string, Range>;
  /** The jobs of the ranges, newest first. */
  runs: string[];
}

/** Final snapshots of jobs: taken when they end, kept across restarts, compared with each other. */
export class ProfilesService {
  private waiting: StoredJob[] = [];
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private readonly searches: Searches;

  constructor(
    private readonly store: Store,
    private readonly metrics: MetricsSource,
    private readonly describe: Describe<StoredJob>,
    private readonly log: ProfilesLogger,
    options: { searchMs?: number } = {},
  ) {
    this.searches = new Searches(store, options.searchMs === undefined ? {} : { timeoutMs: options.searchMs });
  }

  /** Jobs of Drover's that have just ended. Those that never ran leave nothing. */
  ended(jobs: StoredJob[]): void {
    this.waiting.push(...jobs.filter((job) => job.started_at !== null && job.finished_at !== null));
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => void this.settle(), GATHER_MS);
  }

  /** Resolves when every end this process knows of has its profile. Readers call it first. */
  settle(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const jobs = this.waiting;
    this.waiting = [];
    if (jobs.length > 0) {
      this.writing = this.writing
        .then(() => this.write(jobs))
        .catch((error: unknown) =>
          this.log.warn(
            { error: String(error), jobs: jobs.length },
            'profiles could not be written; they are made up for',
          ),
        );
    }
    return this.writing;
  }

  private async write(jobs: StoredJob[]): Promise<void> {
    for (let start = 0; start < jobs.length; start += BATCH) await this.writeBatch(jobs.slice(start, start + BATCH));
  }

  private async writeBatch(jobs: StoredJob[]): Promise<void> {
    // A job that ended twice in this time (a retry by hand) is as it ended last.
    const last = [...new Map(jobs.map((job) => [job.id, job])).values()];
    const { sql } = this.store;
    const since = new Date(Math.min(...last.map((job) => job.created_at.getTime())));
    const [digests, owns] = await Promise.all([
      profileStore.digests(
        sql,
        last.map((job) => job.id),
        since,
      ),
      this.metrics.ownOfJobs(
        sql,
        last.map((job) => job.id),
      ),
    ]);
    const nodesOf = (job: StoredJob): string[] => [
      ...new Set([...(job.node === null ? [] : [job.node]), ...(owns.get(job.id)?.nodes ?? [])]),
    ];
    const snapshots = await this.snapshot(sql, [...new Set(last.flatMap(nodesOf))]);
    await profileStore.put(
      sql,
      last.map((job): NewProfile => {
        const description = this.describe(job);
        const wall = ((job.finished_at as Date).getTime() - (job.started_at as Date).getTime()) / 1000;
        return {
          jobid: job.id,
          name: job.name,
          command: description.command,
          description,
          queue: job.queue,
          owner: job.owner,
          project: job.project,
          node: job.node,
          outcome: job.state,
          cause: job.cause,
          exit_code: job.exit_code,
          wall_s: Math.max(0, wall),
          summary: summaryOf(Math.max(0, wall), digests.get(job.id)),
          counters: owns.get(job.id)?.own ?? [],
          node_snapshots: nodesOf(job).flatMap((node) => snapshots.get(node) ?? []),
          finished_at: job.finished_at as Date,
        };
      }),
    );
  }

  /** Stores the system metrics of nodes, once a second and node; their ids by node. */
  private async snapshot(
    sql: Sql,
    nodes: string[],
    known?: { node: string; series: Series[] }[],
  ): Promise<Map<string, string>> {
    const second = Math.floor(Date.now() / 1000);
    const found = (known ?? (await this.metrics.systemOf(sql, nodes))).map(({ node, series }) => ({
      node,
      series,
      id: `${node}@${second}`,
    }));
    await profileStore.putNodes(sql, found);
    return new Map(found.map(({ node, id }) => [node, id]));
  }

  /** Jobs of metric clients and joined proxies, in the transaction in which they end. */
  async clientsEnded(sql: Sql, jobs: ClientJob[]): Promise<void> {
    for (const { desc, own, system } of jobs) {
      const snapshots = await this.snapshot(sql, [], system);
      const wall = desc.start_time > 0 ? Math.max(0, desc.end_time - desc.start_time) : null;
      await profileStore.put(sql, [
        {
          jobid: desc.jobid,
          name: null,
          command: desc.command,
          description: desc,
          queue: null,
          owner: null,
          project: DEFAULT_PROJECT,
          node: system[0]?.node ?? null,
          outcome: null,
          cause: null,
          exit_code: null,
          wall_s: wall,
          summary: { ...NOTHING_KNOWN, wall_s: wall },
          counters: own,
          node_snapshots: [...snapshots.values()],
          finished_at: new Date(),
        },
      ]);
    }
  }

  /** The last word on a job's own metrics: reports may come after its end. */
  async settled(sql: Sql, job: string, own: Series[]): Promise<void> {
    await profileStore.setOwn(sql, job, own);
  }

  /** Makes up for ends whose replica died before it wrote the profile. Periodic, one owner a tick. */
  async recover(now = new Date()): Promise<number> {
    const { sql } = this.store;
    const until = await settingStore.get<string>(sql, RECOVERED);
    const since =
      until === null ? new Date(now.getTime() - 10 * OVERLAP_MS) : new Date(new Date(until).getTime() - OVERLAP_MS);
    const ids = await profileStore.missing(sql, since, BATCH);
    if (ids.length > 0) await this.writeBatch(await jobStore.getMany(sql, ids));
    if (ids.length < BATCH) await settingStore.put(sql, RECOVERED, now.toISOString());
    return ids.length;
  }

  trim(keep: number): Promise<number> {
    return profileStore.trim(this.store.sql, keep);
  }

  /**
   * Newest first, without metrics. A search looks at a limited number of profiles; `last`: the place at which it
   * stopped before it had found enough. Throws `invalid` when it took too long, `rate_limited` when too many wait.
   */
  async list(
    filter: Omit<ProfileFilter, 'project'>,
    limit: number,
  ): Promise<{ profiles: ProfileHead[]; last: string | null }> {
    await this.settle();
    const within = { ...filter, ...scopeOf() };
    const field = searchedBy(filter);
    return field === null
      ? profileStore.list(this.store.sql, within, limit)
      : this.searches.run(field, (sql) => profileStore.list(sql, within, limit));
  }

  /** Throws `not_found`. */
  async get(jobid: string): Promise<Profile> {
    await this.settle();
    const stored = await profileStore.get(this.store.sql, jobid);
    if (!stored || !isInSight(stored))
      throw new DroverError('not_found', `There is no profile of ${jobid.slice(0, 200)}.`, {
        jobid: jobid.slice(0, 200),
      });
    return (await this.whole([stored]))[0] as Profile;
  }

  /** Throws `not_found`. */
  async delete(jobid: string): Promise<void> {
    await this.settle();
    await this.store.tx(async (sql) => {
      const before = await profileStore.get(sql, jobid);
      if (!before || !isInSight(before) || !(await profileStore.delete(sql, jobid)))
        throw new DroverError('not_found', `There is no profile of ${jobid.slice(0, 200)}.`);
      const { command, queue, owner, project, outcome, finished_at } = before;
      const entry = auditOf(currentCaller(), {
        action: 'profile.delete',
        kind: 'profile',
        object_id: jobid,
        project,
        before: { command, queue, owner, outcome, finished_at },
      });
      await auditStore.insert(sql, [entry]);
    });
  }

  /** The newest of a command, with metrics. */
  async ofCommand(command: string, limit = MAX_OF_COMMAND): Promise<Profile[]> {
    await this.settle();
    return this.whole(
      await profileStore.ofCommand(this.store.sql, command, Math.min(limit, MAX_OF_COMMAND), scopeOf().project),
    );
  }

  /** Figure by figure, `b` against `a`, beside the `last` other profiles of the command of `b`. Throws `not_found`. */
  async compare(a: string, b: string, last: number): Promise<Comparison & { a: Profile }> {
    const [first, second] = await Promise.all([this.get(a), this.get(b)]);
    const others = await this.others(second, last);
    return {
      a: first,
      b: second,
      figures: compareFigures(figuresOf(first), figuresOf(second)),
      ranges: rangesOf(others),
      runs: others.map((other) => other.desc.jobid),
    };
  }

  /** Figure by figure, `b` against the median of the `last` other profiles of its command. Throws `not_found`. */
  async compareToMedian(b: string, last: number): Promise<Comparison> {
    const profile = await this.get(b);
    const others = await this.others(profile, last);
    if (others.length === 0) throw new DroverError('not_found', `There is no other profile of the command of ${b}.`);
    return {
      b: profile,
      figures: compareFigures(medianFigures(others), figuresOf(profile)),
      ranges: rangesOf(others),
      runs: others.map((other) => other.desc.jobid),
    };
  }

  /** The newest profiles of the same command, but for this one. */
  async others(profile: Profile, last: number): Promise<Profile[]> {
    const found = await this.ofCommand(profile.desc.command, last + 1);
    return found.filter((other) => other.desc.jobid !== profile.desc.jobid).slice(0, last);
  }

  private async whole(stored: StoredProfile[]): Promise<Profile[]> {
    const nodes = await profileStore.nodes(this.store.sql, [...new Set(stored.flatMap((one) => one.node_snapshots))]);
    return stored.map((one) => ({
      name: one.name,
      desc: one.description,
      queue: one.queue,
      owner: one.owner,
      project: one.project,
      node: one.node,
      outcome: one.outcome,
      cause: one.cause,
      exit_code: one.exit_code,
      summary: { ...NOTHING_KNOWN, ...one.summary },
      counters: mergeSeries([one.counters, ...one.node_snapshots.map((id) => nodes.get(id) ?? [])]),
      finished_at: one.finished_at,
    }));
  }
}

/** The first field of a filter that no index finds. Null: an index finds them all. */
function searchedBy({ q, owner, outcome, after, before }: ProfileFilter): string | null {
  const fields = { q, owner, outcome, finished_after: after, finished_before: before };
  return Object.entries(fields).find(([, value]) => value !== undefined)?.[0] ?? null;
}

/** The project to which the caller's lists are held; none for the system and for operators. */
function scopeOf(): { project?: string } {
  const scope = currentCaller()?.scope ?? null;
  return scope === null ? {} : { project: scope };
}

const isInSight = ({ project }: { project: string }): boolean => (scopeOf().project ?? project) === project;

function summaryOf(wall: number, digest: DigestRow | undefined): ProfileSummary {
  if (!digest) return { ...NOTHING_KNOWN, wall_s: wall };
  return {
    wall_s: wall,
    cpu_seconds: digest.cpu_seconds,
    peak_memory_bytes: digest.memory_max,
    read_bytes: digest.read_bytes,
    write_bytes: digest.write_bytes,
    samples: {
      samples: digest.samples,
      cpu_percent_mean: digest.cpu_mean,
      cpu_percent_max: digest.cpu_max,
      memory_bytes_mean: digest.memory_mean,
    },
  };
}
