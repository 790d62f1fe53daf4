import { blockOf, commandLine, type Agent, type JobUsage } from '@drover/domain';
import { agentStore, executionStore, runsStore, type Store, type StoredJob } from '@drover/store';
import { forecast, LEAST_RUNS, spell } from './eta.js';
import { percentileOf } from './percentiles.js';
import { mediansOf, phasesOf, type AttemptPhases, type PhaseMedians } from './phases.js';
import type { QueryService } from './query.service.js';

/** When a job that waits will start. */
export interface Outlook {
  /** Its place in its queue, from 1; null: it is in no queue now. */
  position: number | null;
  /** Seconds from now: half of such jobs, and nine of ten, start by then. Null: it is not known. */
  p50_s: number | null;
  p90_s: number | null;
  /** well: from many runs, on workers of this queue alone. roughly: from few, or others share the workers. */
  sure: 'well' | 'roughly' | 'unknown';
  /** The reason, and how sure it is. */
  sentence: string;
}

/** An earlier or later run of the same work. */
export interface Run {
  job: StoredJob;
  duration_s: number | null;
  usage: JobUsage | null;
}

export interface Runs {
  /** The neighbours of the same name; of a job without a name, those of the same command. */
  previous: StoredJob | null;
  next: StoredJob | null;
  /** The part that the last runs have in common. name: none of the same command has run before. */
  same: 'command' | 'name';
  /** The last 20 runs before it, newest first. */
  last: Run[];
  /** How long those took that succeeded. */
  band: { p10_s: number | null; p50_s: number | null; p90_s: number | null; n: number };
}

/** Ids of earlier jobs, newest first, and of the next one. */
interface Neighbours {
  before: string[];
  after: string[];
}

const LAST = 20;
/** So many runs make a good base. */
const MANY = 20;

/** Says from earlier jobs what is to be expected of one. */
export class OutlookService {
  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
    /** The only project whose runs may be looked at; null: any. */
    private readonly scope: () => string | null = () => null,
  ) {}

  /**
   * The steps of each attempt, with what they mostly take in the queue, and how many runs that is from. How long a job
   * runs is its own matter: that step is compared with earlier runs of the same command. Throws `not_found`.
   */
  async phases(id: string): Promise<{ attempts: AttemptPhases[]; medians: PhaseMedians; runs: number }> {
    const job = await this.query.get(id);
    const { sql } = this.store;
    const [executions, queued, runs, { same, band }] = await Promise.all([
      executionStore.ofJob(sql, id),
      runsStore.queuedTimes(sql, id),
      runsStore.ofQueue(sql, job.queue, this.scope()),
      this.runs(id),
    ]);
    return {
      attempts: phasesOf(job, executions, queued),
      medians: mediansOf(runs, same === 'command' ? band.p50_s : null),
      runs: runs.length,
    };
  }

  /**
   * Runs of the same work in the same project. The neighbours are those of the same name, where it has one; the last
   * runs are those of the same command and image, and where none has run yet, those of the same name. Throws
   * `not_found`.
   */
  async runs(id: string): Promise<Runs> {
    const job = await this.query.get(id);
    const [named, equal] = await Promise.all([this.ofName(job), this.ofCommand(job)]);
    const same = equal.before.length > 0 || job.name === null ? 'command' : 'name';
    const ids = (same === 'command' ? equal : named).before;
    const neighbours = job.name === null ? equal : named;
    const wanted = [...new Set([...ids, ...neighbours.before.slice(0, 1), ...neighbours.after])];
    const [jobs, usages] = await Promise.all([this.query.getMany(wanted), this.query.usages(ids)]);
    const found = new Map(jobs.map((one) => [one.id, one]));
    const last = ids.flatMap((one) => {
      const run = found.get(one);
      return run ? [{ job: run, duration_s: durationOf(run), usage: usages.get(one) ?? null }] : [];
    });
    const lengths = last.flatMap(({ job: { state }, duration_s }) =>
      state === 'succeeded' && duration_s !== null ? [duration_s] : [],
    );
    const [p10_s, p50_s, p90_s] = [0.1, 0.5, 0.9].map((share) => percentileOf(lengths, share)) as [null, null, null];
    return {
      previous: found.get(neighbours.before[0] ?? '') ?? null,
      next: found.get(neighbours.after[0] ?? '') ?? null,
      same,
      last,
      band: { p10_s, p50_s, p90_s, n: lengths.length },
    };
  }

  private async ofName({ name, project, seq }: StoredJob): Promise<Neighbours> {
    if (name === null) return { before: [], after: [] };
    const [before, after] = await Promise.all([
      runsStore.before(this.store.sql, { name, project, seq }, LAST),
      runsStore.after(this.store.sql, { name, project, seq }),
    ]);
    return { before, after: after === null ? [] : [after] };
  }

  private async ofCommand({ id, seq, project, name, spec }: StoredJob): Promise<Neighbours> {
    const command = commandLine(spec.command);
    if (command === '') return { before: [], after: [] };
    const job = { id, seq, project, command, image: spec.container?.image ?? null };
    const [before, after] = await Promise.all([
      runsStore.beforeOfCommand(this.store.sql, job, LAST),
      name === null ? runsStore.afterOfCommand(this.store.sql, job) : null,
    ]);
    return { before, after: after === null ? [] : [after] };
  }

  /** When a job that waits will start; null for one that does not wait. */
  async of(job: StoredJob): Promise<Outlook | null> {
    if (job.state !== 'queued' && job.state !== 'scheduled') return null;
    const unknown = (sentence: string, position: number | null = null): Outlook => ({
      position,
      p50_s: null,
      p90_s: null,
      sure: 'unknown',
      sentence,
    });
    if (job.cron) return unknown('It starts at no time itself: each tick is a job of its own.');
    if (job.held) return unknown('When it starts is not known: the job is held.');
    if (job.pending_dependencies > 0) return unknown('When it starts is not known: the job waits for others to end.');
    if (job.dispatch === 'observed') return unknown('When it starts is not known: the job runs outside of Drover.');
    if (job.dispatch === 'pull') return unknown('When it starts is not known: it starts when an agent asks for it.');
    const position = job.state === 'queued' ? (await this.query.ahead(job)) + 1 : null;
    if (await this.query.paused(job.queue))
      return unknown(`When it starts is not known: the queue ${job.queue} is paused.`, position);
    if (job.dispatch === 'placed')
      return unknown(
        'When it starts is not known: a job with demands on its node starts when a node has the room.',
        position,
      );
    const agents = await agentStore.list(this.store.sql, { queue: job.queue, kind: 'worker' });
    const taking = agents.filter((agent) => agent.state === 'online' && blockOf(agent) === null);
    if (taking.length === 0)
      return unknown(`When it starts is not known: no worker of ${job.queue} takes work now.`, position);
    return this.estimated(job, position, taking);
  }

  private async estimated(job: StoredJob, position: number | null, taking: Agent[]): Promise<Outlook> {
    const { sql } = this.store;
    const [open, runs] = await Promise.all([
      runsStore.openOfAgents(
        sql,
        taking.map(({ id }) => id),
      ),
      runsStore.ofQueue(sql, job.queue, this.scope()),
    ]);
    const now = Date.now();
    const slots = taking.reduce((sum, agent) => sum + agent.slots, 0);
    const lengths = runs.flatMap(({ spawned_at, exited_at }) =>
      spawned_at && exited_at ? [Math.max(0, (exited_at.getTime() - spawned_at.getTime()) / 1_000)] : [],
    );
    const taken = open.slice(0, slots).map(({ since }) => Math.max(0, (now - since.getTime()) / 1_000));
    const ahead = Math.max(0, (position ?? 1) - 1);
    const inS = job.start_at ? Math.max(0, (job.start_at.getTime() - now) / 1_000) : 0;
    const found = forecast({ ahead, slots, taken, runs: lengths });
    const others = [...new Set(taking.flatMap(({ queues }) => queues))].filter((queue) => queue !== job.queue).length;
    if (!found)
      return {
        ...{ position, p50_s: null, p90_s: null, sure: 'unknown' as const },
        sentence: `When it starts is not known: all ${slots} slots are busy, and the queue ${job.queue} has ${lengths.length} earlier runs to go by; ${LEAST_RUNS} are needed.`,
      };
    const [p50_s, p90_s] = [Math.max(inS, found.p50_s), Math.max(inS, found.p90_s)];
    const isSure = (lengths.length >= MANY || found.p90_s === 0) && others === 0;
    return {
      position,
      p50_s: round(p50_s),
      p90_s: round(p90_s),
      sure: isSure ? 'well' : 'roughly',
      sentence: sentenceOf({ p50_s, p90_s, inS, ahead, slots, taken: taken.length, lengths, others }),
    };
  }
}

interface Said {
  p50_s: number;
  p90_s: number;
  inS: number;
  ahead: number;
  slots: number;
  taken: number;
  lengths: number[];
  others: number;
}

function sentenceOf({ p50_s, p90_s, inS, ahead, slots, taken, lengths, others }: Said): string {
  const shared =
    others === 0
      ? ''
      : ` The workers serve ${others} other queue${others === 1 ? '' : 's'}, too, whose jobs are not counted.`;
  const many = ahead === 0 ? 'no job comes before it' : `${ahead} job${ahead === 1 ? ' comes' : 's come'} before it`;
  if (inS > 0 && p90_s <= inS) return `It starts in ${spell(inS)}, at its time; ${many}.${shared}`;
  if (p90_s === 0) return `It starts now: ${slots - taken} of ${slots} slots are free, and ${many}.${shared}`;
  const median = percentileOf(lengths, 0.5) ?? 0;
  return (
    `It starts in about ${spell(p50_s)}, with 90 % certainty within ${spell(p90_s)}: ${many}, ${taken} of ${slots} slots are busy, ` +
    `and half of the last ${lengths.length} runs of the queue took at most ${spell(median)}.${shared}`
  );
}

const round = (seconds: number): number => Number(seconds.toFixed(seconds < 10 ? 2 : 0));

const durationOf = ({ started_at, finished_at }: Pick<StoredJob, 'started_at' | 'finished_at'>): number | null =>
  started_at && finished_at ? Math.max(0, (finished_at.getTime() - started_at.getTime()) / 1_000) : null;
