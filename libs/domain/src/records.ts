import type { Stream } from './states.js';

/** A slice of one output stream, stored as the gzip member that came. */
export interface LogChunk {
  execution_id: string;
  stream: Stream;
  /** Of its first raw byte in the stream. */
  offset: number;
  /** Raw bytes. */
  length: number;
  /** One count over both streams of an execution. */
  sequence: number;
  /** Wall clock of the agent when it saw the bytes. */
  at: Date;
  data: Buffer;
}

/** One reading of a job's whole process tree. */
export interface Sample {
  execution_id: string;
  job_id: string;
  at: Date;
  /** 100 = one core busy. */
  cpu_percent: number | null;
  memory_bytes: number | null;
  /** Running totals since the execution's start. */
  read_bytes: number | null;
  write_bytes: number | null;
  cpu_seconds: number | null;
  processes: number | null;
  gpu_percent: number | null;
  gpu_memory_bytes: number | null;
}

/** Something that happened to a job; the record of live streams and webhooks. */
export interface JobEvent {
  id: string;
  job_id: string;
  queue: string;
  /** job.queued, job.claimed, job.running, job.succeeded, … job.<state>; job.retrying, job.deleted; execution.<what>. */
  type: string;
  at: Date;
  data: Record<string, unknown>;
}

export interface Artifact {
  job_id: string;
  execution_id: string | null;
  /** Relative, normalised, no `..`. */
  path: string;
  size: number;
  sha256: string;
  content_type: string;
  blob_key: string;
  created_at: Date;
}
