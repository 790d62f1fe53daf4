import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isActive, isDroverError, type Stream } from '@drover/domain';
import type { QueryService, ReportsService } from '@drover/jobs';
import { MAX_CHUNK_BYTES } from '@drover/protocol';
import { type Store, type StoredExecution, type StoredJob } from '@drover/store';
import { labLogStore, type Fragment, type FragmentFilter } from '../record/log.store.js';
import { PHASES, type LogType, type Phase } from './job-states.js';

const compress = promisify(gzip);
/** Two posts of one job at once may meet at the same offset; the later one looks again. */
const TRIES = 8;

/** Where the native API shows a kind of log. */
export const STREAM_OF: Record<LogType, Stream> = { output: 'stdout', serial: 'stderr' };

/** Log fragments of jobs, and the raw output posts of old agents. */
export class LabLogs {
  constructor(
    private readonly store: Store,
    private readonly reports: ReportsService,
    private readonly query: QueryService,
  ) {}

  /** Stores a fragment once, and adds its text to the log of the execution its job is in. */
  async append(ref: string, type: LogType, fragment: Fragment, job: StoredJob | null): Promise<void> {
    const isNew =
      (job && (await this.isDropped(job))) || (await labLogStore.append(this.store.sql, ref, type, fragment));
    if (isNew && job) await this.feed(job, STREAM_OF[type], Buffer.from(fragment.text), fragment.at);
  }

  /** Every phase with its last number (-1 without any) and its text; or the one asked for. */
  async phases(
    ref: string,
    type: LogType,
    filter: FragmentFilter,
  ): Promise<Map<Phase, { last: number; bytes: number }>> {
    const found = await labLogStore.last(this.store.sql, ref, type, filter);
    const wanted = PHASES.filter((phase) => filter.phase === undefined || filter.phase === phase);
    return new Map(wanted.map((phase) => [phase, found.get(phase) ?? { last: -1, bytes: 0 }]));
  }

  /** Reads the pieces in the order of fragments. */
  texts(ref: string, type: LogType, filter: FragmentFilter): AsyncGenerator<string> {
    return labLogStore.texts(this.store.sql, ref, type, filter);
  }

  async addOutput(ref: string, type: LogType, data: Buffer, job: StoredJob | null): Promise<void> {
    if (!job || !(await this.isDropped(job))) await labLogStore.addOutput(this.store.sql, ref, type, data);
    if (job) await this.feed(job, STREAM_OF[type], data, new Date());
  }

  /** Yields the output that came since the last call, a few megabytes at a time. It is deleted as it is read. */
  async *takeOutput(ref: string, type: LogType): AsyncGenerator<Buffer[]> {
    for (;;) {
      const entries = await labLogStore.takeOutput(this.store.sql, ref, type);
      if (entries.length === 0) return;
      yield entries;
    }
  }

  /** Whether the project of a job may keep no more of its output: neither here nor there. */
  private async isDropped(job: StoredJob): Promise<boolean> {
    return isActive(job.state) && ((await this.query.present(job))?.log_dropped ?? 0) > 0;
  }

  /** Appends to the log of a pulled job's execution. What comes after the end stays in this dialect only. */
  private async feed(job: StoredJob, stream: Stream, data: Buffer, at: Date): Promise<void> {
    if (!job.execution_id || !isActive(job.state) || data.length === 0) return;
    for (let start = 0; start < data.length; start += MAX_CHUNK_BYTES) {
      const part = data.subarray(start, start + MAX_CHUNK_BYTES);
      const member = await compress(part);
      for (let tried = 0; ; tried += 1) {
        const execution = await this.query.present(job);
        if (execution === null || execution.state === 'ended' || !isPulled(execution)) return;
        const stored =
          stream === 'stdout'
            ? execution.stdout_bytes + execution.stdout_skew
            : execution.stderr_bytes + execution.stderr_skew;
        try {
          await this.reports.append(execution.agent_id, {
            execution_id: execution.id,
            epoch: execution.epoch,
            stream,
            offset: stored,
            length: part.length,
            sequence: execution.stdout_bytes + execution.stderr_bytes,
            at,
            data: member,
          });
          break;
        } catch (error) {
          if (isDroverError(error, 'stale')) return;
          if (!isDroverError(error, 'gap') || tried === TRIES) throw error;
        }
      }
    }
  }
}

/** Held by an HTTP-pull agent; those have no boots. */
export const isPulled = (execution: StoredExecution): boolean => execution.boot_id === '';
