import { section } from './section.js';
import { integer, oneOf, text, Unfit, url, variable } from './variable.js';

/** `name=value` pairs with commas between them, percent-encoded as OpenTelemetry asks for. */
function parsePairs(value: string): Readonly<Record<string, string>> {
  const pairs = value.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Unfit('must be a list of name=value, such as team=ci,zone=a.');
      try {
        return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
      } catch {
        throw new Unfit('must be a list of name=value whose values are percent-encoded; a "%" alone is %25.');
      }
    }),
  );
}

const SIGNALS = ['otlp', 'none'] as const;

/** The API's way to a collector of OpenTelemetry. The variables are those of its specification. */
export const otel = section('OpenTelemetry', {
  endpoint: url<string | null>('OTEL_EXPORTER_OTLP_ENDPOINT', ['http', 'https'], {
    about:
      'Where the API sends a trace of each job that ends, and its metrics: OTLP over HTTP with JSON, at /v1/traces and /v1/metrics below this address.',
    default: null,
    fallback: 'not set (nothing is sent, and no part of OpenTelemetry is loaded)',
  }),
  headers: variable<Readonly<Record<string, string>>>(
    'OTEL_EXPORTER_OTLP_HEADERS',
    'name=value, comma-separated, values percent-encoded',
    { about: 'Headers of what is sent, such as an API key.', default: {}, fallback: 'none', secret: true },
    parsePairs,
  ),
  traces: oneOf('OTEL_TRACES_EXPORTER', SIGNALS, { about: 'Whether traces are sent.', default: 'otlp' }),
  metrics: oneOf('OTEL_METRICS_EXPORTER', SIGNALS, { about: 'Whether metrics are sent.', default: 'otlp' }),
  metricIntervalMs: integer('OTEL_METRIC_EXPORT_INTERVAL', {
    about: 'Milliseconds between two sendings of metrics.',
    default: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  serviceName: text('OTEL_SERVICE_NAME', {
    about: 'The resource attribute service.name.',
    default: null,
    fallback: 'service.name of OTEL_RESOURCE_ATTRIBUTES, else drover',
    accepts: 'a text',
    matches: /^.{1,200}$/,
    remedy: 'must be a text of at most 200 characters.',
  }),
  attributes: variable<Readonly<Record<string, string>>>(
    'OTEL_RESOURCE_ATTRIBUTES',
    'name=value, comma-separated, values percent-encoded',
    { about: 'More attributes of the resource that sends.', default: {}, fallback: 'none' },
    parsePairs,
  ),
});
