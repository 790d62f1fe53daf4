import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from 'prom-client';

/** Everything this process exposes on its `/metrics`. One a process. */
const registry = new Registry();

/** A metric as it was declared. */
export interface DeclaredMetric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
}

const declared: DeclaredMetric[] = [];

/** Tells of a metric whose lines another part of `/metrics` writes, and gives it back. */
export function declareMetric(metric: DeclaredMetric): DeclaredMetric {
  declared.push(metric);
  return metric;
}

/** Every metric that the loaded code has declared for the `/metrics` of the API. */
export const declaredMetrics = (): readonly DeclaredMetric[] => declared;

/** Seconds; from a millisecond (a claim) to ten (a slow client). */
const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Declares a counter `drover_<name>`, which ends in `_total`. Label values must come from a closed list. */
export function counter<const L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
): Counter<L> {
  return foreignCounter(`drover_${name}`, help, labels);
}

/**
 * Declares a counter under exactly this name: for dialects whose dashboards know it. Label values must be limited by
 * whoever counts.
 */
export function foreignCounter<const L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
): Counter<L> {
  declareMetric({ name, type: 'counter', help, labels });
  return new Counter({ name, help, labelNames: labels, registers: [registry] });
}

/** Declares a gauge `drover_<name>`. `collect` runs at each scrape and sets it. */
export function gauge<const L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  collect?: (this: Gauge<L>) => void | Promise<void>,
): Gauge<L> {
  declareMetric({ name: `drover_${name}`, type: 'gauge', help, labels });
  return new Gauge({
    name: `drover_${name}`,
    help,
    labelNames: labels,
    registers: [registry],
    ...(collect ? { collect } : {}),
  });
}

/** Declares a histogram `drover_<name>`, in seconds unless the name says otherwise. */
export function histogram<const L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  buckets: number[] = LATENCY_BUCKETS_S,
): Histogram<L> {
  declareMetric({ name: `drover_${name}`, type: 'histogram', help, labels });
  return new Histogram({ name: `drover_${name}`, help, labelNames: labels, buckets, registers: [registry] });
}

let started = false;
const ofProcess = new Registry();
const PROCESS_MS = 1_000;
/**
 * Between two looks at the event loop, whose lag the gauges `nodejs_eventloop_lag_*` tell: they count from this
 * upwards. With the 10 ms of prom-client an idle process wakes 100 times a second for them alone.
 */
const LOOP_LOOK_MS = 100;
let collected: { at: number; text: Promise<string> } = { at: -Infinity, text: Promise.resolve('') };

/** Adds CPU, memory, event loop and garbage collection of this process. Calling it again changes nothing. */
export function startProcessMetrics(): void {
  if (started) return;
  started = true;
  collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: LOOP_LOOK_MS });
}

/** They take longer to collect than all others together, and change slowly: scrapes within a second share them. */
export async function processMetrics(): Promise<string> {
  if (performance.now() - collected.at > PROCESS_MS) collected = { at: performance.now(), text: ofProcess.metrics() };
  return collected.text;
}

/** The exposition in the Prometheus text format, and its content type. */
export async function expose(): Promise<{ contentType: string; body: string }> {
  const [process, own] = await Promise.all([processMetrics(), registry.metrics()]);
  return { contentType: registry.contentType, body: process + own };
}

/** One metric with its series. Those of histograms bear the names of their parts. */
export interface MetricReading {
  name: string;
  help: string;
  type: string;
  values: { labels: Record<string, string | number>; value: number; metricName?: string }[];
}

/** Everything that {@link expose} tells, as values. */
export async function readMetrics(): Promise<MetricReading[]> {
  const read = (from: Registry): Promise<MetricObjectWithValues<MetricValueWithName<string>>[]> =>
    from.getMetricsAsJSON() as Promise<MetricObjectWithValues<MetricValueWithName<string>>[]>;
  const [process, own] = await Promise.all([read(ofProcess), read(registry)]);
  return [...process, ...own].map(({ name, help, type, values }) => ({
    name,
    help,
    type: String(type),
    values: values.map(({ labels, value, metricName }) => ({
      labels: labels as Record<string, string | number>,
      value,
      ...(metricName === undefined ? {} : { metricName }),
    })),
  }));
}

export type { Counter, Gauge, Histogram } from 'prom-client';
