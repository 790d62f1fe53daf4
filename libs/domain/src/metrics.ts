/** Counters only grow; a gauge is a level, told by one or several contributors. */
export type SeriesType = 'counter' | 'gauge';

/** The definition of a series. Labels are part of the name: `base{key="value"}`, no blanks. */
export interface SeriesDef {
  name: string;
  type: SeriesType;
  /** One sentence, may be empty. */
  doc: string;
}

/** `total / hits` is its value: the mean over contributors. `hits` 0 = no data. */
export interface GaugeValue {
  min: number;
  max: number;
  hits: number;
  total: number;
}

interface CounterSeries {
  name: string;
  doc: string;
  type: 'counter';
  value: number;
}
interface GaugeSeries extends GaugeValue {
  name: string;
  doc: string;
  type: 'gauge';
}
/** A series with its present value. */
export type Series = CounterSeries | GaugeSeries;

/** The value that alarms and plots look at; null: no data. */
export function currentOf(series: Series): number | null {
  if (series.type === 'counter') return series.value;
  return series.hits > 0 ? series.total / series.hits : null;
}

/** Readings of a job's whole process tree as metrics of its entry, and the column of the sample that each is. */
export const SAMPLE_METRICS = {
  job_cpu_percent: 'cpu_percent',
  job_memory_bytes: 'memory_bytes',
  job_gpu_percent: 'gpu_percent',
} as const;
export type SampleMetric = keyof typeof SAMPLE_METRICS;
export const isSampleMetric = (metric: string): metric is SampleMetric => Object.hasOwn(SAMPLE_METRICS, metric);
/** A reading counts for so long, milliseconds; after that the metric is absent. */
export const SAMPLE_COUNTS_MS = 60_000;

/** How a metric client describes its job. Times in Unix seconds, 0 = not known or not yet. */
export interface JobDesc {
  jobid: string;
  command: string;
  /** Number of tasks, 32 bit. */
  size: number;
  nodelist: string;
  partition: string;
  cluster: string;
  run_dir: string;
  start_time: number;
  end_time: number;
}

/** The id of the entry that sums everything. */
export const MAIN = 'main';
/** The id of a node's entry. */
export const nodeEntry = (node: string): string => `Node: ${node}`;
/** Ids no job may have. */
export const isReservedEntry = (id: string): boolean => id === MAIN || id.startsWith('Node: ');

/**
 * Where series come from. client: programs on a node that push for a job. execution: what Drover's worker reads of a
 * job. The rest says what it is.
 */
export const SOURCE_KINDS = [
  'client',
  'execution',
  'node',
  'target',
  'proxy-main',
  'proxy-node',
  'proxy-job',
  'http',
  'archive',
  'ended',
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
