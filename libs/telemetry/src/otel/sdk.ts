import { SpanKind, SpanStatusCode, type HrTime, type SpanContext } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type CollectionResult,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { traceSpans } from '../definitions.js';
import { readMetrics } from '../metrics.js';
import type { SpanOfJob } from './job-spans.js';
import { metricData } from './metric-data.js';
import type { Otel, OtelOptions } from './ports.js';

/** Spans that wait to be sent at most: of some hundred jobs. */
const MAX_QUEUE = 8_192;
const BATCH = 512;
const DELAY_MS = 1_000;
/** Longest wait for the collector. */
const TIMEOUT_MS = 10_000;
/** A collector that is away is told of once in this time. */
const WARN_EVERY_MS = 60_000;
const SCOPE = { name: 'drover' };
const SAMPLED = 1;

const time = (date: Date): HrTime => [Math.floor(date.getTime() / 1_000), (date.getTime() % 1_000) * 1e6];
const between = (start: Date, end: Date): HrTime => {
  const ms = Math.max(0, end.getTime() - start.getTime());
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
};

/** Sends spans of jobs and the metrics of this process by the SDK of OpenTelemetry. */
export class OtelSdk implements Otel {
  private readonly resource;
  private readonly processor: BatchSpanProcessor | null = null;
  private readonly meters: MeterProvider | null = null;
  private waiting = 0;
  private warnedAt = -Infinity;

  constructor(private readonly options: OtelOptions) {
    this.resource = resourceFromAttributes({ ...options.resource });
    const to = (path: string) => ({
      url: `${options.endpoint.replace(/\/+$/, '')}${path}`,
      headers: { ...options.headers },
      timeoutMillis: TIMEOUT_MS,
    });
    if (options.traces)
      this.processor = new BatchSpanProcessor({
        exporter: this.counted(new OTLPTraceExporter(to('/v1/traces'))),
        maxQueueSize: MAX_QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: DELAY_MS,
        exportTimeoutMillis: TIMEOUT_MS,
      });
    if (options.metrics) this.meters = this.metersTo(new OTLPMetricExporter(to('/v1/metrics')));
  }

  add(spans: readonly SpanOfJob[]): void {
    if (this.processor === null) return;
    for (const span of spans) {
      if (this.waiting >= MAX_QUEUE) {
        traceSpans.inc({ outcome: 'dropped' });
        continue;
      }
      this.waiting += 1;
      this.processor.onEnd(this.readable(span));
    }
  }

  async close(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([Promise.allSettled([this.processor?.shutdown(), this.meters?.shutdown()]), late]);
    clearTimeout(timer);
  }

  private readable(span: SpanOfJob): ReadableSpan {
    const context = (spanId: string): SpanContext => ({ traceId: span.traceId, spanId, traceFlags: SAMPLED });
    const own = context(span.spanId);
    return {
      name: span.name,
      kind: span.parentId === null ? SpanKind.CONSUMER : SpanKind.INTERNAL,
      spanContext: () => own,
      ...(span.parentId === null ? {} : { parentSpanContext: context(span.parentId) }),
      startTime: time(span.start),
      endTime: time(span.end),
      duration: between(span.start, span.end),
      status:
        span.error === null
          ? { code: span.ok ? SpanStatusCode.OK : SpanStatusCode.UNSET }
          : { code: SpanStatusCode.ERROR, message: span.error },
      attributes: span.attributes,
      links: span.links.map(({ traceId, spanId, flags }) => ({
        context: { traceId, spanId, traceFlags: flags, isRemote: true },
      })),
      events: [],
      ended: true,
      resource: this.resource,
      instrumentationScope: SCOPE,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  }

  /** Counts what becomes of spans, and says seldom that the collector does not take them. */
  private counted(exporter: OTLPTraceExporter): SpanExporter {
    return {
      export: (spans, done) => {
        this.waiting -= spans.length;
        exporter.export(spans, (result) => {
          traceSpans.inc({ outcome: result.code === 0 ? 'exported' : 'failed' }, spans.length);
          if (result.code !== 0) this.warn('traces', result.error);
          done(result);
        });
      },
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    };
  }

  private metersTo(exporter: OTLPMetricExporter): MeterProvider {
    const told: PushMetricExporter = {
      export: (metrics, done) =>
        exporter.export(metrics, (result) => {
          if (result.code !== 0) this.warn('metrics', result.error);
          done(result);
        }),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    };
    const startTime = time(new Date(performance.timeOrigin));
    const collect = async (): Promise<CollectionResult> => {
      await this.options.beforeMetrics();
      const metrics = metricData(await readMetrics(), startTime, time(new Date()));
      return {
        resourceMetrics: { resource: this.resource, scopeMetrics: [{ scope: SCOPE, metrics }] },
        errors: [],
      };
    };
    const { metricIntervalMs: interval } = this.options;
    const reader = new PeriodicExportingMetricReader({
      exporter: told,
      exportIntervalMillis: interval,
      exportTimeoutMillis: Math.min(interval, TIMEOUT_MS),
      metricProducers: [{ collect }],
    });
    return new MeterProvider({ resource: this.resource, readers: [reader] });
  }

  private warn(what: string, error: unknown): void {
    const now = performance.now();
    if (now - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = now;
    this.options.logger.warn({ error: String(error) }, `the collector of OpenTelemetry does not take ${what}`);
  }
}
