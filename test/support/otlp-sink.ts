import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
interface KeyValue {
  key: string;
  value: Value & { arrayValue?: { values: Value[] } };
}

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** Milliseconds. */
  start: number;
  end: number;
  attributes: Record<string, unknown>;
  /** 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string };
  links: { traceId: string; spanId: string }[];
  resource: Record<string, unknown>;
}

interface RawSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  status: { code?: number; message?: string };
  links?: { traceId: string; spanId: string }[];
}
interface RawMetric {
  name: string;
  sum?: { isMonotonic: boolean; aggregationTemporality: number; dataPoints: RawPoint[] };
  gauge?: { dataPoints: RawPoint[] };
  histogram?: { dataPoints: RawPoint[] };
}
interface RawPoint {
  attributes: KeyValue[];
  asDouble?: number;
  asInt?: number | string;
  count?: number | string;
  sum?: number;
  bucketCounts?: (number | string)[];
  explicitBounds?: number[];
}

const plain = ({ value }: KeyValue): unknown => {
  const { stringValue, intValue, doubleValue, boolValue, arrayValue } = value;
  if (arrayValue) return arrayValue.values.map((one) => plain({ key: '', value: one }));
  return stringValue ?? boolValue ?? doubleValue ?? Number(intValue);
};
const record = (pairs: KeyValue[] = []): Record<string, unknown> =>
  Object.fromEntries(pairs.map((pair) => [pair.key, plain(pair)]));
const ms = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1_000n) / 1_000;

/** A collector of OpenTelemetry: takes OTLP over HTTP with JSON and remembers it. */
export class OtlpSink {
  readonly spans: ReceivedSpan[] = [];
  /** The latest of each metric, by name. */
  readonly metrics = new Map<string, RawMetric>();
  readonly headers: IncomingHttpHeaders[] = [];
  /** Status of the next answers; then 200. */
  statuses: number[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OtlpSink> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const status = sink.statuses.shift() ?? 200;
        if (status === 200) sink.take(request.url ?? '', request.headers, Buffer.concat(parts).toString('utf8'));
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    const sink = new OtlpSink(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of a trace, in the order of their starts; the root comes first. */
  trace(traceId: string): ReceivedSpan[] {
    return this.spans
      .filter((span) => span.traceId === traceId)
      .toSorted((a, b) => Number(a.parentSpanId !== '') - Number(b.parentSpanId !== '') || a.start - b.start);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(path: string, headers: IncomingHttpHeaders, text: string): void {
    this.headers.push(headers);
    if (path === '/v1/traces') {
      const { resourceSpans } = JSON.parse(text) as {
        resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: RawSpan[] }[] }[];
      };
      for (const { resource, scopeSpans } of resourceSpans)
        for (const span of scopeSpans.flatMap(({ spans }) => spans))
          this.spans.push({
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId ?? '',
            name: span.name,
            start: ms(span.startTimeUnixNano),
            end: ms(span.endTimeUnixNano),
            attributes: record(span.attributes),
            status: { code: span.status.code ?? 0, message: span.status.message ?? '' },
            links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
            resource: record(resource.attributes),
          });
    } else if (path === '/v1/metrics') {
      const { resourceMetrics } = JSON.parse(text) as {
        resourceMetrics: { scopeMetrics: { metrics: RawMetric[] }[] }[];
      };
      for (const metric of resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) => metrics),
      ))
        this.metrics.set(metric.name, metric);
    } else throw new Error(`Nothing of OTLP goes to ${path}`);
  }
}
