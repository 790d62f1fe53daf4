import type { Logger } from '../logger.js';
import type { SpanOfJob } from './job-spans.js';

/** The address of a collector, and what it gets. */
export interface OtelOptions {
  /** The address below which /v1/traces and /v1/metrics are. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  /** Attributes of the resource. */
  resource: Readonly<Record<string, string>>;
  traces: boolean;
  metrics: boolean;
  metricIntervalMs: number;
  /** Sets the gauges that are read from the record, before the metrics are read. */
  beforeMetrics(): Promise<void>;
  logger: Pick<Logger, 'warn'>;
}

/** The way to a collector. */
export interface Otel {
  /** Takes spans to be sent. Those that find no room are dropped and counted. */
  add(spans: readonly SpanOfJob[]): void;
  /** Sends what it has, for at most so long. */
  close(withinMs: number): Promise<void>;
}
