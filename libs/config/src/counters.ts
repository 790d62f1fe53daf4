import { hostname } from 'node:os';
import { section } from './section.js';
import { integer, oneOf, seconds, text, Unfit, variable } from './variable.js';

/** `host:port`, the host of IPv6 in brackets. */
function parseListener(value: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([0-9a-zA-Z._-]+)):(\d{1,5})$/.exec(value);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535)
    throw new Unfit('must be host:port, such as 127.0.0.1:9464, 0.0.0.0:9464 or [::]:9464.');
  return { host: match[1] ?? (match[2] as string), port };
}

/**
 * Counters of jobs and nodes, wherever they come from. Some variables are named after the metric proxy, whose names for
 * them came first; they hold for every broker.
 */
export const counters = section('Counters', {
  node: text('METRIC_PROXY_NODE', {
    about:
      'Name of the `Node:` entry that this API itself feeds (joined exporters, own system metrics). ' +
      'The same for all replicas.',
    default: () => hostname(),
    fallback: 'host name',
    accepts: 'a text without control characters',
    // eslint-disable-next-line no-control-regex
    matches: /^[^\u0000-\u001f\u007f]{1,200}$/,
    remedy: 'must be a name of at most 200 characters.',
  }),
  system: oneOf('METRIC_PROXY_SYSTEM', ['auto', 'off'], {
    about: 'auto: the API collects the system metrics of its machine where no worker of that name does.',
    default: 'auto',
  }),
  nodePeriodS: seconds('DROVER_NODE_METRICS_PERIOD', {
    about:
      "Time between two readings of a node's system metrics and pushes of its programs' counters; at least 5 s while nothing runs there and no program counts.",
    default: 1,
    min: 0.1,
    max: 3600,
  }),
  nodeRetentionS: seconds('DROVER_NODE_RETENTION', {
    about: 'A node whose worker has been silent for so long leaves the lists; its counters stay in the sums.',
    default: 7 * 86_400,
    min: 60,
    max: 366 * 86_400,
  }),
  jobSeries: integer('DROVER_JOB_SERIES', {
    about: 'Series one job may have on one node.',
    default: 1_000,
    min: 1,
    max: 100_000,
  }),
  workerMetrics: variable<{ host: string; port: number } | null>(
    'DROVER_WORKER_METRICS',
    'host:port',
    {
      about:
        'Where a worker serves /metrics about itself, without a login, for Prometheus. It tells the API this address, which GET /api/v1/sd/nodes lists; for 0.0.0.0 and [::] it tells the name of its host.',
      default: null,
      fallback: 'not set (Prometheus reads the counters of the node from the API)',
    },
    parseListener,
  ),
  socketPath: text('METRIC_PROXY_SOCKET', {
    about:
      'UNIX socket on which the worker takes metrics of programs outside its jobs. Jobs find theirs in PROXY_PATH.',
    default: null,
    fallback: 'none but the one of the jobs',
    accepts: 'an absolute path',
    matches: /^\/.{1,100}$/,
    remedy: 'must be an absolute path of at most 100 characters, such as /tmp/metric_proxy.unix.',
  }),
});
