import { declaredMetrics, type DeclaredMetric } from './metrics.js';
import { declaredWorkerMetrics } from './worker-metrics.js';

/** The page docs/reference/metrics.md, over what the loaded code has declared: `npm run docs` writes it. */
export function metricsPage(): string {
  return [
    '# Metrics',
    '',
    '<!-- `npm run docs` makes this page. -->',
    '',
    'What Prometheus finds at `/metrics`. [Monitoring](../monitoring.md) says how to scrape it, and has alerts and dashboards.',
    'A histogram `x` has the series `x_bucket`, `x_sum` and `x_count`.',
    '',
    '## The API',
    '',
    'Gauges of jobs, queues and agents are those of the whole broker: each replica tells them, so take the `max` of replicas. Counters and',
    'histograms are those of one replica, from its start on: add them up.',
    '',
    ...table(declaredMetrics()),
    '',
    'Dialects add the metrics that their own clients know; the page of each [dialect](../dialects.md) has them.',
    '`process_*` and `nodejs_*` are those of prom-client: CPU, memory, open files, event loop and garbage collection of the process.',
    '',
    '## A worker',
    '',
    'Served where `DROVER_WORKER_METRICS` says, with `process_*` and `nodejs_*` of the worker.',
    '',
    ...table(declaredWorkerMetrics()),
    '',
  ].join('\n');
}

const table = (metrics: readonly DeclaredMetric[]): string[] => [
  '| metric | type | labels | what it tells |',
  '| --- | --- | --- | --- |',
  ...metrics
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help.replaceAll('|', '\\|')} |`,
    ),
];
