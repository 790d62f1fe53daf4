import type { Cause } from '@drover/domain';
import { longestOfClass, overviewStore, type FailuresOfSlice, type StartsOfSlice, type Store } from '@drover/store';

/** The time that is looked back at. */
const HOUR_S = 3_600;
/** Time is read and forgotten in slices of this length. */
const SLICE_S = 10;
/** Slices of so long ago may still grow: transactions end late. */
const OPEN_S = 20;
const REASONS = 20;
const QUEUES = 5;

/** The last hour of a queue. */
export interface QueueHour {
  started: number;
  failed: number;
  /** Half of the jobs that started had waited no longer, in seconds; null: none started. Exact to 15 %. */
  wait_p50_s: number | null;
  wait_p95_s: number | null;
}

/** Failures of the last hour for one reason. */
export interface FailureGroup {
  cause: Cause | null;
  exit_code: number | null;
  sentence: string;
  count: number;
  /** Some queues of theirs, the one with the most first. */
  queues: string[];
  /** One of the jobs, of the newest. */
  job_id: string;
}

/**
 * The starts and failures of the last hour, of one project or of all. The past is read once; each further look reads
 * the last seconds only.
 */
export class LastHour {
  private starts: StartsOfSlice[] = [];
  private failures: FailuresOfSlice[] = [];
  /** Seconds of Unix time up to which slices are complete. */
  private readTo = 0;

  constructor(
    private readonly store: Store,
    private readonly project: string | null,
  ) {}

  /** Reads what is new. */
  async refresh(now = Date.now()): Promise<void> {
    const nowS = now / 1_000;
    const oldest = Math.floor((nowS - HOUR_S) / SLICE_S) * SLICE_S;
    const from = Math.max(this.readTo, oldest);
    const look = {
      from: new Date(from * 1_000),
      // The record's clock may be ahead of this one.
      to: new Date(now + 60_000),
      project: this.project,
      sliceS: SLICE_S,
    };
    const [starts, failures] = await Promise.all([
      overviewStore.starts(this.store.sql, look),
      overviewStore.failures(this.store.sql, look),
    ]);
    const isKept = ({ at_s }: { at_s: number }): boolean => at_s >= oldest && at_s < from;
    this.starts = [...this.starts.filter(isKept), ...starts];
    this.failures = [...this.failures.filter(isKept), ...failures];
    this.readTo = Math.max(from, Math.floor((nowS - OPEN_S) / SLICE_S) * SLICE_S);
  }

  /** Queues in which nothing started and nothing failed are absent. */
  queues(): Map<string, QueueHour> {
    const hours = new Map<string, QueueHour & { classes: Map<number, number> }>();
    const of = (queue: string) => {
      const hour = hours.get(queue) ?? {
        started: 0,
        failed: 0,
        wait_p50_s: null,
        wait_p95_s: null,
        classes: new Map(),
      };
      hours.set(queue, hour);
      return hour;
    };
    for (const { queue, class: number, n } of this.starts) {
      const hour = of(queue);
      hour.started += n;
      if (number !== null) hour.classes.set(number, (hour.classes.get(number) ?? 0) + n);
    }
    for (const { queue, n } of this.failures) of(queue).failed += n;
    return new Map(
      [...hours].map(([queue, { classes, ...hour }]) => [
        queue,
        { ...hour, wait_p50_s: percentile(classes, 0.5), wait_p95_s: percentile(classes, 0.95) },
      ]),
    );
  }

  /** The most frequent reasons first. */
  reasons(): FailureGroup[] {
    const groups = new Map<string, FailureGroup & { at_s: number; byQueue: Map<string, number> }>();
    for (const failure of this.failures) {
      const { cause, exit_code, queue, n, job_id, at_s } = failure;
      const sentence = sentenceOf(failure);
      const key = JSON.stringify([cause, exit_code, sentence]);
      const group = groups.get(key) ?? {
        cause,
        exit_code,
        sentence,
        count: 0,
        queues: [],
        job_id,
        at_s,
        byQueue: new Map(),
      };
      group.count += n;
      group.byQueue.set(queue, (group.byQueue.get(queue) ?? 0) + n);
      if (at_s > group.at_s) Object.assign(group, { at_s, job_id });
      groups.set(key, group);
    }
    return [...groups.values()]
      .sort((a, b) => b.count - a.count)
      .slice(0, REASONS)
      .map(({ byQueue, at_s: _, ...group }) => ({
        ...group,
        queues: [...byQueue]
          .sort((a, b) => b[1] - a[1])
          .slice(0, QUEUES)
          .map(([queue]) => queue),
      }));
  }
}

/**
 * The reason as a sentence: the one of the job, else what its end says. Ids in it are left out, so that it is the same
 * for many jobs.
 */
function sentenceOf({ sentence, cause, exit_code, signal }: FailuresOfSlice): string {
  const said = sentence?.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…');
  if (said) return said;
  if (signal) return `It ended by the signal ${signal}.`;
  return exit_code === null
    ? `It failed: ${cause ?? 'nothing more is known'}.`
    : `It ended with exit code ${exit_code}.`;
}

/** The time that so large a share of the waits did not exceed; null: there are none. */
function percentile(classes: Map<number, number>, share: number): number | null {
  const total = [...classes.values()].reduce((sum, n) => sum + n, 0);
  let seen = 0;
  for (const [number, n] of [...classes].sort(([a], [b]) => a - b)) {
    seen += n;
    if (seen >= total * share) return Number(longestOfClass(number).toPrecision(3));
  }
  return null;
}
