/** One Redis endpoint. */
interface RedisNode {
  host: string;
  port: number;
}

/**
 * The meaning of a `DROVER_REDIS_URL`, read without a connection. Both importers of a Redis client (queue, bus) read it
 * this way.
 */
export interface RedisTarget {
  kind: 'single' | 'sentinel' | 'cluster';
  /** The server, the Sentinels, or some nodes of the cluster (at least one that answers is enough). */
  nodes: RedisNode[];
  /** Name of the master set: Sentinel only. */
  master?: string;
  username?: string;
  password?: string;
  /** Password of the Sentinels themselves (`?sentinel_password=`). */
  sentinelPassword?: string;
  /** Number of the logical database; a cluster has only 0. */
  db: number;
  tls: boolean;
}

const SHAPE = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?@]+)(?:\/([^?]*))?(?:\?(.*))?$/;

/** Every form that is understood, for messages. */
const REDIS_URL_FORMS =
  'redis://[user:password@]host[:6379][/db], rediss:// (TLS), redis+sentinel://h1:26379,h2:26379/masterName[/db], redis+cluster://h1:6379,h2:6379';

const fault = (why: string): Error => new Error(`The Redis URL ${why}. Known forms: ${REDIS_URL_FORMS}.`);

function node(text: string, defaultPort: number): RedisNode {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (!host || port < 1 || port > 65_535) throw fault(`has a host that is not host:port ("${text}")`);
  return { host, port };
}

function credentials(text: string | undefined): { username?: string; password?: string } {
  if (!text) return {};
  const colon = text.indexOf(':');
  const decode = (part: string) => (part === '' ? undefined : decodeURIComponent(part));
  if (colon < 0) return { username: decode(text) };
  return { username: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) };
}

/** Reads a Redis URL. Throws an Error that names the forms and never shows the password. */
export function parseRedisUrl(url: string): RedisTarget {
  const match = SHAPE.exec(url.trim());
  if (!match) throw fault('is not understood');
  const [, scheme, form, auth, hosts, path = '', query = ''] = match;
  const kind = (form ?? 'single') as RedisTarget['kind'];
  const nodes = hosts!.split(',').map((text) => node(text, kind === 'sentinel' ? 26_379 : 6379));
  const segments = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (kind === 'single' && nodes.length > 1) throw fault('names several hosts but neither +sentinel nor +cluster');
  const master = kind === 'sentinel' ? segments.shift() : undefined;
  if (kind === 'sentinel' && !master) throw fault('of a Sentinel setup must end in /masterName');
  const db = segments[0] === undefined ? 0 : Number(segments[0]);
  if (segments.length > 1 || !Number.isInteger(db) || db < 0)
    throw fault(`has a database that is not a number ("${segments.join('/')}")`);
  if (kind === 'cluster' && db !== 0) throw fault('of a cluster cannot choose a database: a cluster has only 0');
  return {
    kind,
    nodes,
    ...(master ? { master } : {}),
    ...credentials(auth),
    sentinelPassword: new URLSearchParams(query).get('sentinel_password') ?? undefined,
    db,
    tls: scheme === 'rediss',
  };
}

/** Host and port for messages: no user, no password. */
export function describeRedis(target: RedisTarget): string {
  const hosts = target.nodes.map((n) => `${n.host}:${n.port}`).join(',');
  if (target.kind === 'single') return `Redis at ${hosts}`;
  return target.kind === 'cluster'
    ? `Redis Cluster at ${hosts}`
    : `Redis ${target.master} behind the Sentinels ${hosts}`;
}
