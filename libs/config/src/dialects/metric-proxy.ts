import { hostname } from 'node:os';
import { section } from '../section.js';
import { integer, list, oneOf, seconds, text, Unfit } from '../variable.js';

/** A port, or `from-to`. */
function parsePorts(item: string): { from: number; to: number } {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (!match || from < 1 || to > 65_535 || from > to) throw new Unfit('must be a list of ports or ranges, such as 9100,9200-9299.');
  return { from, to };
}

/** Counters, node metrics, scrape targets, alarms and profiles; and the API of the metric proxy over them. */
export const metricProxy = section('Metric proxy', {
  dialect: oneOf('METRIC_PROXY_DIALECT', ['seed', 'head'], {
    about: 'head: counters carry `ts` and job times are milliseconds, as proxies since 2026 want them.',
    default: 'seed',
  }),
  host: text('METRIC_PROXY_NODE', {
    about: 'Name of the `Node:` entry that this API itself feeds (joined exporters, own system metrics). The same for all replicas.',
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
  nodePeriodS: seconds('DROVER_NODE_METRICS_PERIOD', { about: "Time between two readings of a node's system metrics and pushes of its programs' counters.", default: 1, min: 0.1, max: 3600 }),
  socketPath: text('METRIC_PROXY_SOCKET', {
    about: 'UNIX socket on which the worker takes metrics of programs outside its jobs. Jobs find theirs in PROXY_PATH.',
    default: null,
    fallback: 'none but the one of the jobs',
    accepts: 'an absolute path',
    matches: /^\/.{1,100}$/,
    remedy: 'must be an absolute path of at most 100 characters, such as /tmp/metric_proxy.unix.',
  }),
  jobSeries: integer('DROVER_JOB_SERIES', { about: 'Series one job may have on one node.', default: 1_000, min: 1, max: 100_000 }),
  targetSeries: integer('DROVER_TARGET_SERIES', { about: 'Series taken from one scrape target; of another proxy: from each of its entries (main, nodes, jobs).', default: 20_000, min: 1, max: 1_000_000 }),
  allow: list(
    'DROVER_SCRAPE_ALLOW',
    'networks in CIDR notation, or public, private, loopback',
    { about: 'Networks in which scrape targets may be. Link-local and metadata addresses never.', default: ['loopback', 'private'] },
    (item) => item,
  ),
  ports: list('DROVER_SCRAPE_PORTS', 'ports or ranges', { about: 'Ports that scrape targets may have.', default: [{ from: 1, to: 65_535 }], fallback: 'all' }, parsePorts),
  targets: integer('DROVER_SCRAPE_TARGETS', { about: 'Most scrape targets.', default: 1_000, min: 1, max: 100_000 }),
  timeoutS: seconds('DROVER_SCRAPE_TIMEOUT', { about: 'Longest wait for a scrape target.', default: 10, min: 0.1, max: 600 }),
  profilesListed: integer('DROVER_PROFILES_LISTED', { about: 'Profiles in the lists of the metric proxy, the newest ones.', default: 10_000, min: 1, max: 1_000_000 }),
  profilesKept: integer('DROVER_PROFILES_KEPT', { about: 'Profiles of finished jobs that are kept, the newest ones.', default: 200_000, min: 1, max: 100_000_000 }),
  nodeRetentionS: seconds('DROVER_NODE_RETENTION', { about: 'A node whose worker has been silent for so long leaves the lists; its counters stay in the sums.', default: 7 * 86_400, min: 60, max: 366 * 86_400 }),
  alarmAllow: list(
    'DROVER_ALARM_ALLOW',
    'networks in CIDR notation, or public, private, loopback',
    { about: "Networks to which alarms may send their webhooks. Link-local and metadata addresses never.", default: ['public'] },
    (item) => item,
  ),
  alarmPeriodS: seconds('DROVER_ALARM_PERIOD', { about: 'Time between two evaluations of all alarms.', default: 1, min: 0.2, max: 3600 }),
  alarms: integer('DROVER_ALARMS', { about: 'Most alarm rules.', default: 10_000, min: 1, max: 1_000_000 }),
});
