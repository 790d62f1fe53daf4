import type { JobDesc, Series } from './metrics.js';

/** Digest of the samples of a job. */
interface SampleDigest {
  samples: number;
  cpu_percent_mean: number | null;
  cpu_percent_max: number | null;
  memory_bytes_mean: number | null;
}

/** How a job ran. null: not known. */
export interface ProfileSummary {
  wall_s: number | null;
  cpu_seconds: number | null;
  peak_memory_bytes: number | null;
  read_bytes: number | null;
  write_bytes: number | null;
  samples: SampleDigest | null;
}

/** The figures that are kept of a finished job. */
export interface Profile {
  /** The name that its client gave the job. */
  name: string | null;
  desc: JobDesc;
  queue: string | null;
  owner: string | null;
  project: string;
  node: string | null;
  /** State the job ended in; null: a job of metric clients, whose end is all that is known. */
  outcome: string | null;
  cause: string | null;
  exit_code: number | null;
  summary: ProfileSummary;
  /** Its own metrics and the system metrics of its nodes, by name. */
  counters: Series[];
  finished_at: Date;
}
