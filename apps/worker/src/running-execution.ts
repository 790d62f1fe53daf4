import type { ExitRecord } from '@drover/executor';
import type { ReportItem, WireSample } from '@drover/protocol';
import {
  EMPTY_SHA256,
  Tail,
  UNKNOWN_SHA256,
  type Budget,
  type Spool,
  type TailEnd,
  type TailProgress,
} from '@drover/spool';
import type { Logger } from '@drover/telemetry';
import { sendArtifacts, type ArtifactOwner } from './artifacts.js';
import { chunkSink } from './chunk-sink.js';
import { workOf, type ExecutionNote } from './launch-order.js';
import type { ReportBuffer, ReportResult } from './report-buffer.js';
import type { Session } from './session.js';

/** Between two notes of how far the sender is. Milliseconds. */
const PROGRESS_MS = 500;

/** The parts that all executions share. */
export interface ExecutionContext {
  session: Session;
  reports: ReportBuffer;
  spool: Spool;
  budget: Budget;
  logger: Logger;
  /** Seconds a search for artifacts may take. */
  artifactSearchS: number;
  /** Seconds for which an upload is tried that fails while the API answers everything else. */
  artifactUploadS: number;
  /** This node's time as the server's, ISO. */
  serverTime(iso: string): string;
  /** Tells the API what the job has counted, before it is told of the end. Never rejects. */
  flushMetrics?(jobId: string): Promise<void>;
  /** A slot has just come free. */
  onFreeSlot?(): void;
  /** The API said that the execution is no longer ours. */
  onFenced(execution: RunningExecution): void;
}

// Without the two fields every item has; keeps the union apart.
type Told<T> = T extends unknown ? Omit<T, 'execution_id' | 'epoch'> : never;

/** One execution of this node, from the claim to the acknowledged report of its end. */
export class RunningExecution {
  pid: number | null = null;
  exited = false;
  /** No longer ours: nothing more is sent. */
  fenced = false;
  private tail: Tail | undefined;
  private lastReport: Promise<unknown> = Promise.resolve();
  private progressAt = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly folder: string,
    readonly note: ExecutionNote,
    private readonly context: ExecutionContext,
    /** How far a former life of the daemon had sent the output. */
    private readonly resume?: TailProgress,
    readonly adopted = false,
  ) {}

  /** True: the execution ran from beginning to end under this daemon, which wrote no notes into its folder. */
  get undisturbed(): boolean {
    return !this.adopted && !this.fenced && this.progressAt === 0;
  }

  /** The processes run. */
  started(
    pid: number | null,
    spawnedAt: string,
    { container_id, preamble_bytes }: { container_id?: string; preamble_bytes?: number } = {},
  ): void {
    this.pid = pid;
    if (this.fenced) return;
    void this.report({
      kind: 'started',
      pid,
      spawned_at: this.context.serverTime(spawnedAt),
      ...(container_id === undefined ? {} : { container_id }),
      ...(preamble_bytes === undefined || preamble_bytes === 0 ? {} : { preamble_bytes }),
    });
    this.follow().start();
  }

  /** A step before the start, whose progress is in the output already. */
  phase(phase: string): void {
    if (this.fenced) return;
    void this.report({ kind: 'phase', phase });
    this.follow().start();
  }

  samples(samples: WireSample[]): void {
    if (!this.fenced && !this.exited) void this.report({ kind: 'samples', samples });
  }

  /** Sends the rest of the output, the artifacts and the end. Resolves when the API has it all, or does not want it. */
  async ended(record: ExitRecord): Promise<void> {
    this.exited = true;
    if (this.fenced) return;
    try {
      const { artifacts, cwd, job_id: jobId } = this.note;
      const lacking =
        artifacts.length > 0 ? await sendArtifacts(this.context, this.artifactOwner(), cwd, artifacts) : null;
      await this.context.flushMetrics?.(jobId);
      const { stored, result } = await this.reportEnd(record, lacking);
      const answer = await result;
      if (answer.status === 422)
        this.context.logger.error({ execution: this.id, message: answer.message }, 'the report of an end was refused');
      await stored;
    } catch (error) {
      if (!this.fenced)
        this.context.logger.warn({ err: error, execution: this.id }, 'an execution could not be reported to its end');
    } finally {
      this.close();
    }
  }

  /** Stops sending; what was not sent yet is dropped. */
  fence(): void {
    this.fenced = true;
    this.context.reports.drop(this.id);
    this.close();
  }

  close(): void {
    this.tail?.close();
  }

  private artifactOwner(): ArtifactOwner {
    const { epoch, user, isolated } = this.note;
    if (user !== undefined) return { id: this.id, epoch, uid: user.uid };
    return { id: this.id, epoch, ...(isolated ? { only: workOf(this.folder) } : {}) };
  }

  /** `lacking`: a sentence about artifacts that could not be kept. */
  private async reportEnd(
    record: ExitRecord,
    lacking: string | null,
  ): Promise<{ stored: Promise<void>; result: Promise<ReportResult> }> {
    const detail = [record.cause_detail, lacking].filter((sentence) => sentence !== null).join(' ');
    const { stored, stdout, stderr, first_byte_at } = await this.finishOutput(record);
    const result = this.report({
      kind: 'ended',
      ok: record.ok,
      cause: record.cause,
      cause_detail: detail === '' ? null : detail,
      exit_code: record.exit_code,
      signal: record.signal,
      exited_at: this.context.serverTime(record.exited_at),
      first_byte_at: first_byte_at === null ? null : this.context.serverTime(first_byte_at),
      stdout,
      stderr,
    });
    return { stored, result };
  }

  private async finishOutput(record: ExitRecord): Promise<TailEnd & { stored: Promise<void> }> {
    const nothing = { bytes: 0, sha256: EMPTY_SHA256 };
    // The usual short job: nothing was written, nothing is looked at.
    if (!this.adopted && record.stdout_bytes === 0 && record.stderr_bytes === 0) {
      return { stdout: nothing, stderr: nothing, first_byte_at: null, stored: Promise.resolve() };
    }
    try {
      return await this.follow().finish(!this.adopted);
    } catch (error) {
      if (this.fenced) throw error;
      this.context.logger.error({ err: error, execution: this.id }, 'the output could not be sent whole');
      const unknown = (bytes: number): TailEnd['stdout'] => (bytes === 0 ? nothing : { bytes, sha256: UNKNOWN_SHA256 });
      return {
        stdout: unknown(record.stdout_bytes),
        stderr: unknown(record.stderr_bytes),
        first_byte_at: null,
        stored: Promise.resolve(),
      };
    }
  }

  private report(item: Told<ReportItem>): Promise<ReportResult> {
    const result = this.context.reports.push({ execution_id: this.id, epoch: this.note.epoch, ...item } as ReportItem);
    this.lastReport = result.then((answer) => {
      if (answer.status === 409) this.context.onFenced(this);
    });
    return result;
  }

  private follow(): Tail {
    this.tail ??= new Tail({
      folder: this.folder,
      budget: this.context.budget,
      ...(this.note.mask === undefined ? {} : { mask: this.note.mask }),
      sink: chunkSink(this.context.session, this.context.reports, {
        id: this.id,
        epoch: this.note.epoch,
        reported: () => this.lastReport,
      }),
      onProgress: (progress) => this.keepProgress(progress),
      onFailure: (error) => {
        if (error.name === 'Fenced') this.context.onFenced(this);
        else this.context.logger.warn({ err: error, execution: this.id }, 'the output is not followed any more');
      },
      ...(this.resume === undefined ? {} : { resume: this.resume }),
    });
    return this.tail;
  }

  private keepProgress(progress: TailProgress): void {
    if (this.exited || performance.now() - this.progressAt < PROGRESS_MS) return;
    this.progressAt = performance.now();
    this.writing = this.writing
      .then(() => this.context.spool.writeProgress(this.id, progress))
      // The server knows its offsets anyway; the folder may have gone with the execution.
      .catch(() => {});
  }
}
