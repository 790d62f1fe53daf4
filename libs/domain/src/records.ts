import type { Stream } from './states.js';

/** A slice of one output stream, stored as the gzip member that came. */
export interface LogChunk {
  execution_id: string;
  stream: Stream;
  /** The offset of its first raw byte in the stream. */
  offset: number;
  /** Raw bytes. */
  length: number;
  /** One count over both streams of an execution. */
  sequence: number;
  /** Wall clock of the agent when it saw the bytes. */
  at: Date;
  data: Buffer;
  /** Where its lines are in the log. Null: it was stored without being counted; the index is made when it is asked for. */
  place: ChunkPlace | null;
}

/** The lines of a chunk, and what stands before them. */
export interface ChunkPlace {
  /** Newlines in the chunk. */
  lines: number;
  /** The chunk ends within a line. */
  open: boolean;
  /** Newlines in its stream before it. */
  line: number;
  /** Lines of the view of both streams that ended before it. */
  view_line: number;
  /** Bytes of both streams before it. */
  view_offset: number;
}

/** The lines and bytes of an execution so far: the next chunk is placed behind them. Absent numbers are 0. */
export interface LogTally {
  /** Newlines. */
  stdout?: number;
  stderr?: number;
  /** Lines of the view of both streams that have ended. */
  view?: number;
  /** Bytes of both streams that were counted. */
  bytes?: number;
  /** The last sequence. */
  sequence?: number;
  /** The stream of the last chunk, when that ended within a line. */
  open?: Stream | null;
}

/** One reading of a job's whole process tree. */
export interface Sample {
  /** Null: sent from outside for a job that no agent of ours runs. */
  execution_id: string | null;
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
  /** The devices of the job one by one, where the agent can tell them apart. Only the latest reading is kept. */
  gpu_devices?: GpuReading[];
}

/** One reading of one GPU. What its tool does not say is null, never made up. */
export interface GpuReading {
  index: number;
  uuid: string | null;
  vendor: 'nvidia' | 'amd';
  utilization_percent: number | null;
  memory_used_bytes: number | null;
  memory_total_bytes: number | null;
  temperature_celsius: number | null;
  power_watts: number | null;
}

/** The usage of a job, now and over its samples. CPU: 100 = one core busy. */
export interface JobUsage {
  job_id: string;
  cpu_percent: number | null;
  memory_bytes: number | null;
  gpu_percent: number | null;
  last_sample_at: Date | null;
  sample_count: number;
  cpu_avg: number | null;
  cpu_max: number | null;
  memory_max: number | null;
  /** Over the samples that have a GPU value. */
  gpu_avg: number | null;
  gpu_max: number | null;
  gpu_devices: GpuReading[];
}

/** The kinds of changes of a job that its trail lists. */
export const TRAIL_CHANGES = ['create', 'update', 'delete'] as const;
export type TrailChange = (typeof TRAIL_CHANGES)[number];

/** One change of a job and its author. It is kept when the job is gone. */
export interface TrailEntry {
  job_id: string;
  /** The id that the dialect shows. */
  external_id: string;
  change_type: TrailChange;
  changed_at: Date;
  changed_by: string;
  source: string;
  correlation_id: string;
  /** The whole job after the change, as the dialect shows it. */
  snapshot: Record<string, unknown>;
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
