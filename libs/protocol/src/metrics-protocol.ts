import type { JobDesc } from '@drover/domain';

/** A list of series: `[name, "c"ounter | "g"auge, doc]`. */
export type WireSeries = [name: string, type: 'c' | 'g', doc: string][];

/** POST /agent/v1/metrics, about once a second. */
export interface MetricsRequest {
  /** Names the worker's process: in another one the totals of programs count from 0. */
  incarnation: string;
  /** Grows with every request of an incarnation. */
  seq: number;
  /**
   * Lists of series the API may not know, by the worker's own name for them. Sent the first time, and when the answer
   * asks for it.
   */
  tables: Record<string, WireSeries>;
  sources: MetricsSource[];
}

export interface MetricsSource {
  /** node: the system metrics. job: what programs pushed for a job. */
  kind: 'node' | 'job';
  /** The boot of the node's kernel, since which its totals count. */
  boot_id?: string;
  /** The job as its programs name it. Empty: no job. */
  job?: string;
  /** How its first program described a job that is not Drover's. */
  description?: JobDesc;
  /** Programs of the job are connected. Of a job that Drover runs always false: Drover knows itself. */
  live: boolean;
  /** Name of the list of series. */
  table: string;
  /** Counters: running totals. Gauges: last levels. null: declared, no data yet. */
  values: (number | null)[];
}

export interface MetricsResponse {
  /** Lists of series that have to be sent with the next request; their sources were not taken in. */
  unknown_tables: string[];
  /** Series that were not taken in, e.g. because a job has too many. */
  refused: { job: string | null; name: string; reason: string }[];
}

/** Sources a request holds at most. */
export const MAX_SOURCES = 2_000;
