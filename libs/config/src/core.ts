import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { parseQueue } from './queues.js';
import { section, type Values } from './section.js';
import { flag, integer, list, oneOf, seconds, text, Unfit, url, variable } from './variable.js';

/** Schemes of DROVER_REDIS_URL: one server, Sentinel (`redis+sentinel://host:port,host:port/master-name`), Cluster. */
const REDIS_SCHEMES = ['redis', 'rediss', 'redis+sentinel', 'rediss+sentinel', 'redis+cluster', 'rediss+cluster'];

/** Settings that every program of Drover reads. */
export const core = section(
  'Drover',
  {
    host: text('DROVER_HOST', {
      about: 'Address the API listens on. Elsewhere than loopback it needs DROVER_AUTH or DROVER_INSECURE=1.',
      default: '127.0.0.1',
      accepts: 'an address or host name',
      matches: /^[0-9a-zA-Z.:_-]+$/,
      remedy: 'must be an address or a host name, such as 127.0.0.1 or 0.0.0.0.',
    }),
    port: integer('DROVER_PORT', { about: 'TCP port of the API.', default: 8080, min: 1, max: 65_535 }),
    dataDir: variable(
      'DROVER_DATA_DIR',
      'a folder',
      {
        about: 'Where the embedded Postgres, large objects, the spool of the worker and the log files live.',
        default: () => resolve('.drover'),
        fallback: '.drover in the working folder',
      },
      (value) => resolve(value),
    ),
    databaseUrl: url('DROVER_DATABASE_URL', ['postgres', 'postgresql'], {
      about: 'The record. Unset: Drover starts a PostgreSQL of its own in DROVER_DATA_DIR.',
      default: null,
      secret: 'password',
      fallback: 'not set (embedded PostgreSQL)',
    }),
    migrateUrl: url('DROVER_MIGRATE_URL', ['postgres', 'postgresql'], {
      about:
        'Login of the owner of the schema, for `drover migrate` only. With it the login of DROVER_DATABASE_URL needs no right to make or change tables.',
      default: null,
      secret: 'password',
      fallback: 'DROVER_DATABASE_URL',
    }),
    ticketsUrl: url('DROVER_TICKETS_URL', ['postgres', 'postgresql'], {
      about:
        'Login that workers get for their tickets in Postgres; it sees nothing of the record. For the API and `drover migrate`, which makes it and gives it its rights.',
      default: null,
      secret: 'password',
      fallback: 'a login that the API makes, where its own may make roles',
    }),
    databaseWaitS: seconds('DROVER_DATABASE_WAIT', {
      about:
        'How long an API that starts while the database or the ticket store is away waits for it before it gives up.',
      default: 60,
      min: 0,
      max: 86_400,
    }),
    redisUrl: url('DROVER_REDIS_URL', REDIS_SCHEMES, {
      about: 'Where tickets are kept. Unset: in the same Postgres as the record.',
      default: null,
      secret: 'password',
      fallback: 'not set (Postgres)',
    }),
    speaks: list<string>(
      'DROVER_DIALECTS',
      'names of dialects (docs/dialects.md), comma-separated',
      { about: 'Job APIs that the broker speaks beside its own.', default: [], fallback: 'all of them' },
      (item) => item.toLowerCase(),
    ),
    queues: list(
      'DROVER_QUEUES',
      'name[=slots], comma-separated',
      {
        about: 'Queues this worker serves, each with the most jobs it may run at once.',
        default: [{ name: 'default', slots: null }],
        fallback: 'default',
      },
      parseQueue,
    ),
    slots: integer('DROVER_SLOTS', {
      about: 'Jobs this worker runs at once, over all its queues.',
      default: () => availableParallelism(),
      fallback: 'number of processors',
      min: 1,
      max: 10_000,
    }),
    spawn: oneOf('DROVER_SPAWN', ['posix_spawn', 'fork'], {
      about:
        'How a worker starts the processes of jobs. posix_spawn: by the C library, without a copy of the memory of the supervisor; a job starts several times faster. Where the C library cannot be called (it needs Linux on x64 or arm64), fork is taken. fork: by Node.js itself.',
      default: 'posix_spawn',
    }),
    apiUrl: url('DROVER_API_URL', ['http', 'https'], {
      about: 'Where the worker and the command line find the API.',
      default: null,
      fallback: 'http://<DROVER_HOST>:<DROVER_PORT>, with DROVER_TLS_CERT https',
    }),
    nodeName: text('DROVER_NODE_NAME', {
      about: 'Name of this node. Unique among the workers of one broker.',
      default: () => hostname(),
      fallback: 'host name',
      accepts: 'letters, digits, dot, dash, underscore',
      matches: /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/,
      remedy: 'must start with a letter or digit and hold letters, digits, dots, dashes and underscores only.',
    }),
    labels: list(
      'DROVER_LABELS',
      'key=value, comma-separated',
      { about: 'Labels of this node, for placement.', default: [], fallback: 'none' },
      (item) => {
        const at = item.indexOf('=');
        if (at < 1) throw new Unfit('must be a list of key=value, such as zone=a,disk=fast.');
        return { key: item.slice(0, at).trim(), value: item.slice(at + 1).trim() };
      },
    ),
    auth: oneOf('DROVER_AUTH', ['none', 'oauth2'], {
      about:
        'none: whoever reaches the port may do everything. oauth2: client credentials, roles and queue permissions.',
      default: 'none',
    }),
    directStarts: flag('DROVER_DIRECT_STARTS', {
      about:
        'Jobs start without a ticket where they can: a new job for which a node has told a free slot is claimed as it is accepted, and a node gets its next jobs with the answer to its reports. 0: every job goes by ticket. For the API.',
      default: true,
      fallback: '1',
    }),
    insecure: flag('DROVER_INSECURE', {
      about: 'Allows an address other than loopback without a login.',
      default: false,
    }),
    enrolmentToken: text('DROVER_ENROLMENT_TOKEN', {
      about: 'Secret with which a worker registers. Needed on both sides with DROVER_AUTH=oauth2.',
      default: null,
      secret: true,
      accepts: 'a text of at least 16 characters',
      matches: /^.{16,}$/,
      remedy: 'must have at least 16 characters, such as the output of `openssl rand -hex 24`.',
    }),
    metricNames: oneOf('DROVER_METRIC_NAMES', ['contract', 'prometheus'], {
      about:
        'Names in /metrics. contract: those that the contracts of the dialects fix. prometheus: as `promtool check metrics` likes them; a gauge `x_total` or `x_count` is `x_number` then.',
      default: 'contract',
    }),
    logLevel: oneOf('DROVER_LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      about: 'Least severe line that is logged.',
      default: 'info',
    }),
    dockerSocket: text('DROVER_DOCKER_SOCKET', {
      about: 'Path of a Docker-compatible socket; jobs with an image need one.',
      default: null,
      fallback: '/var/run/docker.sock where there is one',
      accepts: 'an absolute path',
      matches: /^\//,
      remedy: 'must be an absolute path, such as /var/run/docker.sock.',
    }),
    containerPull: oneOf('DROVER_CONTAINER_PULL', ['missing', 'always', 'never'], {
      about: "When a worker fetches a container's image: if it is not there, each time, or never.",
      default: 'missing',
    }),
    registryAuthFile: text('DROVER_REGISTRY_AUTH_FILE', {
      about: 'A file as `docker login` writes it, with the logins of the registries that images are fetched from.',
      default: null,
      accepts: 'an absolute path',
      matches: /^\//,
      remedy: 'must be an absolute path, such as /etc/drover/registries.json.',
    }),
    containerQuickStop: flag('DROVER_CONTAINER_QUICK_STOP', {
      about:
        'Kills a container at once on stop and time-out, without the grace, when its first process has not said what to do with TERM: the kernel withholds it then.',
      default: false,
    }),
    containerNetwork: text('DROVER_CONTAINER_NETWORK', {
      about: 'Network of the containers, as the engine calls it, such as bridge, host or none.',
      default: null,
      fallback: "the engine's default",
      accepts: 'a name',
      matches: /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/,
      remedy: 'must be the name of a network of the container engine, such as bridge, host or none.',
    }),
    placementPatienceS: seconds('DROVER_PLACEMENT_PATIENCE', {
      about:
        'A job with demands (CPUs, memory, GPUs, whole nodes) that has found no room for this long has nodes kept free for it.',
      default: 2,
      min: 0,
      max: 86_400,
    }),
    stackPid: integer('DROVER_STACK_PID', {
      about: 'Set by `npm start` for its programs: the process that stops all of them.',
      default: null,
      min: 2,
      max: 2 ** 22,
    }),
    samplePeriodS: seconds('DROVER_SAMPLE_PERIOD', {
      about: "Time between two readings of a job's CPU, memory and I/O.",
      default: 1,
      min: 0.1,
      max: 3600,
    }),
    artifactSearchS: seconds('DROVER_ARTIFACT_SEARCH', {
      about:
        'How long a worker searches for the artifacts of a job. One whose patterns or files take longer sends none.',
      default: 60,
      min: 1,
      max: 3600,
    }),
    artifactUploadS: seconds('DROVER_ARTIFACT_UPLOAD', {
      about:
        'How long a worker tries to send an artifact at which the API fails while it answers everything else. Then the job ends without the file, and its cause_detail says so. An API that is away is waited for.',
      default: 600,
      min: 1,
      max: 86_400,
    }),
    drainTimeoutS: seconds('DROVER_DRAIN_TIMEOUT', {
      about: 'How long a worker told to stop waits for its running jobs before it ends them.',
      default: 30,
      min: 0,
      max: 7 * 86_400,
    }),
  },
  (values, env, problems) => {
    if (values.auth === 'none' && !values.insecure && !isLoopback(values.host)) {
      problems.push({
        variable: 'DROVER_HOST',
        value: values.host,
        remedy:
          'is reachable from other machines without a login: set DROVER_AUTH=oauth2, or DROVER_INSECURE=1 if that is meant, or listen on 127.0.0.1.',
      });
    }
    const twice = firstTwice(values.queues.map((queue) => queue.name));
    if (twice !== undefined) {
      problems.push({
        variable: 'DROVER_QUEUES',
        value: env['DROVER_QUEUES'] ?? '',
        remedy: `names the queue "${twice}" twice; name each once.`,
      });
    }
  },
);

export type CoreValues = Values<(typeof core)['variables']>;

function firstTwice(names: string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at);
}

/** Only programs of this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
