import {
  originOf,
  section,
  integer,
  list,
  oneOf,
  pythonFlag,
  seconds,
  text,
  Unfit,
  url,
  variable,
} from '@drover/config';

/** Hosts of one farm: the first farm whose pattern matches the beginning of a task's name takes its jobs. */
export interface Farm {
  match: string;
  /** `name:port`; a name is a node's or its host name's, `localhost` is any node. */
  hosts: readonly string[];
  /** Jobs of the farm that run at once; null: as many as the workers have slots. */
  maxRunning: number | null;
}

function parseFarms(text: string): readonly Farm[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Unfit('must be JSON: a list like [{"match": "", "hosts": ["localhost:2375"], "maxRunning": 2}].');
  }
  if (!Array.isArray(parsed)) throw new Unfit('must be a JSON list of farms.');
  return parsed.map((farm: Record<string, unknown>, at): Farm => {
    const { match = '', hosts = [], maxRunning = null } = farm ?? {};
    const fault = (what: string): Unfit => new Unfit(`has a farm (number ${at + 1}) whose ${what}.`);
    if (typeof match !== 'string') throw fault('match is no text');
    try {
      new RegExp(match);
    } catch {
      throw fault('match is no regular expression');
    }
    if (!Array.isArray(hosts) || !hosts.every((host) => typeof host === 'string' && /^[^\s:/]+:\d+$/.test(host)))
      throw fault('hosts are no list of name:port');
    if (maxRunning !== null && !(Number.isInteger(maxRunning) && (maxRunning as number) > 0))
      throw fault('maxRunning is no whole number from 1');
    return { match, hosts: hosts as string[], maxRunning: maxRunning as number | null };
  });
}

/** A variable the original reads and this one has no use for: whether it is set. The API names those once in its log. */
const ignored = (name: string) =>
  variable<boolean>(
    name,
    'anything',
    { about: 'Known from fastlane; without effect here.', default: false, fallback: 'not set', secret: true },
    () => true,
  );

/** The API of fastlane: tasks, jobs and executions under /tasks. */
export const fastlaneSettings = section('fastlane', {
  queue: text('DROVER_FASTLANE_QUEUE', {
    about: 'Queue that jobs sent to /tasks go to.',
    default: 'default',
    accepts: 'a queue name',
    matches: /^.{1,200}$/,
    remedy: 'must be the name of a queue.',
  }),
  executor: oneOf('DROVER_FASTLANE_EXECUTOR', ['container', 'process'], {
    about:
      'process: jobs sent to /tasks run as plain processes of the node, their image being information only. For nodes whose operator trusts whoever may submit.',
    default: 'container',
  }),
  maxLogBytes: integer('DROVER_FASTLANE_LOG_BYTES', {
    about:
      'The last bytes of each output stream that are shown in the details of an execution and sent in webhooks. The log routes always show all.',
    default: 1024 * 1024,
    min: 0,
    max: 64 * 1024 * 1024,
  }),
  urlSlash: oneOf('FASTLANE_URL_SLASH', ['seed', 'always'], {
    about: 'always: every URL in an answer of /tasks ends in a slash.',
    default: 'seed',
  }),
  taskDates: oneOf('FASTLANE_TASK_DATES', ['unix', 'iso'], {
    about: 'How the list of tasks writes times.',
    default: 'unix',
  }),
  wsReason: oneOf('FASTLANE_WS_REASON', ['plain', 'ws'], {
    about: 'Reason with which log websockets are closed: done and retry, or wsdone and wsretry.',
    default: 'plain',
  }),
  debug: pythonFlag('DEBUG', 'Serve the list of routes at /routes/.', false),
  serverName: text('SERVER_NAME', {
    about: 'host:port in the URLs that answers of /tasks contain.',
    default: null,
    fallback: 'the Host of the request',
    accepts: 'host or host:port',
    matches: /^[^\s/]+$/,
    remedy: 'must be a host name with or without a port, such as fastlane.example:10000.',
  }),
  publicUrl: url('FASTLANE_PUBLIC_URL', ['http', 'https'], {
    about: 'Base of the URLs that answers of /tasks contain; before SERVER_NAME.',
    default: null,
  }),
  trustedProxies: list(
    'FASTLANE_TRUSTED_PROXIES',
    'addresses, comma-separated',
    { about: 'Proxies whose X-Real-Ip and X-Forwarded-For are believed.', default: [], fallback: 'none' },
    (item) => item,
  ),
  enableCors: pythonFlag('ENABLE_CORS', 'Let web pages of the origins of CORS_ORIGINS use /tasks.', true),
  corsOrigins: list(
    'CORS_ORIGINS',
    'origins, comma-separated; *',
    {
      about:
        'Origins whose pages may read and change tasks. *: pages of every origin may read them, and change nothing. In the original * is the default and lets every web page run commands.',
      default: [],
      fallback: 'none',
    },
    (item) => (item === '*' ? item : originOf(item)),
  ),
  perPage: integer('PAGINATION_PER_PAGE', { about: 'Tasks on a page.', default: 10, min: 1, max: 1_000 }),
  hardTimeoutS: seconds('HARD_EXECUTION_TIMEOUT_SECONDS', {
    about: 'Longest run time of an execution.',
    default: 1800,
    min: 1,
    max: 366 * 86_400,
  }),
  backoffMinMs: integer('EXPONENTIAL_BACKOFF_MIN_MS', {
    about: 'Unit of the waits before automatic retries, milliseconds.',
    default: 1000,
    min: 1,
    max: 86_400_000,
  }),
  backoffFactor: integer('EXPONENTIAL_BACKOFF_FACTOR', {
    about: 'Each automatic retry waits so many times longer.',
    default: 2,
    min: 1,
    max: 100,
  }),
  webhookBackoffMinMs: integer('WEBHOOKS_EXPONENTIAL_BACKOFF_MIN_MS', {
    about: 'Wait before the second try of a webhook, milliseconds.',
    default: 5000,
    min: 1,
    max: 86_400_000,
  }),
  webhookBackoffFactor: integer('WEBHOOKS_EXPONENTIAL_BACKOFF_FACTOR', {
    about: 'Each further try of a webhook waits so many times longer.',
    default: 2,
    min: 1,
    max: 100,
  }),
  secretWords: list(
    'ENV_BLACKLISTED_WORDS',
    'words, comma-separated',
    {
      about: 'A variable of a job whose name contains one of these is shown as ***.',
      default: ['password', 'key', 'secret', 'client_id'],
    },
    (item) => item.toLowerCase(),
  ),
  farms: variable<readonly Farm[]>(
    'DOCKER_HOSTS',
    'JSON',
    {
      about:
        'Farms of nodes: [{"match": <regular expression on the task>, "hosts": ["node:port"], "maxRunning": <number>}].',
      default: [],
      fallback: 'every node of the queue, limited by its slots',
    },
    parseFarms,
  ),
  breakerFails: integer('DOCKER_CIRCUIT_BREAKER_MAX_FAILS', {
    about: 'So many lost executions in a row open the circuit of a node: it gets no jobs of /tasks for a while.',
    default: 5,
    min: 1,
    max: 1_000,
  }),
  breakerResetS: seconds('DOCKER_CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS', {
    about: 'How long the circuit of a node stays open.',
    default: 60,
    min: 1,
    max: 86_400,
  }),
  basicUser: text('BASIC_AUTH_USERNAME', {
    about: 'With BASIC_AUTH_PASSWORD: /tasks wants this login.',
    default: null,
  }),
  basicPassword: text('BASIC_AUTH_PASSWORD', {
    about: 'With BASIC_AUTH_USERNAME: /tasks wants this login.',
    default: null,
    secret: true,
  }),
  basicRealm: text('BASIC_AUTH_REALM', { about: 'Realm of that login.', default: '' }),
  ignoredRedisUrl: ignored('REDIS_URL'),
  ignoredMongo: ignored('MONGODB_CONFIG'),
  ignoredSleepTime: ignored('WORKER_SLEEP_TIME_MS'),
  ignoredExecutor: ignored('EXECUTOR'),
  ignoredSentry: ignored('SENTRY_DSN'),
  ignoredSecretKey: ignored('SECRET_KEY'),
});
