import { createHmac, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAME, POSTGRES_ENV } from './cluster.js';
import { embeddedProblem } from './problem.js';
import { assignOwner } from './roles-sql.js';
import type { RunAs } from './run-as.js';
import { run } from './run.js';

/**
 * Logins of the embedded Postgres. None is a superuser's, and none may make roles, read files of the server or run
 * programs on it.
 */
export const ROLES = {
  /** Owns the schema: for migrations. */
  owner: 'drover_owner',
  /** Reads and writes rows: for the API. */
  app: 'drover_app',
  /** Sees the ticket store's schema only: for workers. */
  tickets: 'drover_tickets',
} as const;
type RoleName = keyof typeof ROLES;

/** Raised when the set-up below changes: existing data folders get it at their next start. */
const VERSION = 3;
const SETUP_MS = 600_000;

/** The functions that make a large object or write to one. */
const LARGE_OBJECTS = [
  'lo_creat(integer)',
  'lo_create(oid)',
  'lo_from_bytea(oid, bytea)',
  'lo_open(oid, integer)',
  'lo_put(oid, bigint, bytea)',
  'lowrite(integer, bytea)',
];

interface Kept extends Record<RoleName, string> {
  version: number;
  /** Only where a test asked for it. */
  superuser?: string;
}

/**
 * Makes the logins, once a data folder, and gives their passwords. It is done by the server's single-user mode before
 * it serves: the superuser has no password, and `pg_hba.conf` knows no way in for it.
 */
export async function ensureRoles(way: RunAs, home: string, durable: boolean, superuser: boolean): Promise<Kept> {
  admit(way, superuser);
  const path = join(home, 'roles.json');
  const known = read(path);
  if (known?.version === VERSION && (!superuser || known.superuser !== undefined)) return known;
  const fresh = (): string => randomBytes(24).toString('hex');
  const kept: Kept = {
    version: VERSION,
    owner: known?.owner ?? fresh(),
    app: known?.app ?? fresh(),
    tickets: known?.tickets ?? fresh(),
    ...(superuser ? { superuser: known?.superuser ?? fresh() } : {}),
  };
  await setUp(way, durable, kept);
  const draft = `${path}.draft`;
  writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 });
  renameSync(draft, path);
  return kept;
}

function read(path: string): Kept | null {
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : null;
  } catch {
    return null;
  }
}

/** Writes which logins the server admits, and how. */
function admit(way: RunAs, superuser: boolean): void {
  const path = join(way.cluster, 'pg_hba.conf');
  const lines = superuser
    ? ['host all all 127.0.0.1/32 scram-sha-256']
    : [`host ${NAME} ${Object.values(ROLES).join(',')} 127.0.0.1/32 scram-sha-256`];
  writeFileSync(path, `# Written by Drover at each start.\n${lines.join('\n')}\n`, { mode: 0o600 });
  const { uid, gid } = statSync(way.cluster);
  if (process.getuid?.() === 0 && uid !== 0) chownSync(path, uid, gid);
}

async function setUp(way: RunAs, durable: boolean, kept: Kept): Promise<void> {
  const statements = [
    ...(Object.keys(ROLES) as RoleName[]).flatMap((name) => [
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLES[name]}') THEN CREATE ROLE ${ROLES[name]}; END IF; END $$`,
      `ALTER ROLE ${ROLES[name]} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '${verifierOf(kept[name])}'`,
    ]),
    `ALTER ROLE ${NAME} PASSWORD ${kept.superuser === undefined ? 'NULL' : `'${verifierOf(kept.superuser)}'`}`,
    `ALTER DATABASE ${NAME} OWNER TO ${ROLES.owner}`,
    ...[NAME, 'postgres', 'template1'].map((database) => `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`),
    `GRANT CONNECT ON DATABASE ${NAME} TO ${ROLES.app}, ${ROLES.tickets}`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    // Apart from the tables: the owner of those cannot give rights to its functions.
    'CREATE SCHEMA IF NOT EXISTS monitoring',
    'CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA monitoring',
    `GRANT USAGE ON SCHEMA monitoring TO ${ROLES.app}`,
    // Large objects are bytes without a table, so without a limit of ours; Drover has none.
    ...LARGE_OBJECTS.map((name) => `REVOKE EXECUTE ON FUNCTION pg_catalog.${name} FROM PUBLIC`),
    `ALTER ROLE ${ROLES.tickets} SET statement_timeout = '30s'`,
    ...assignOwner(ROLES.owner),
  ];
  const flags = durable ? [] : ['-c', 'fsync=off'];
  const argv = [...way.prefix, join(way.native, 'bin', 'postgres'), '--single', '-D', way.cluster, ...flags, NAME];
  // A line is a statement here.
  const input = statements.map((statement) => `${statement.replaceAll(/\s+/g, ' ')};\n`).join('');
  const { code, stdout, stderr } = await run(argv, { timeoutMs: SETUP_MS, env: POSTGRES_ENV, input });
  const said = `${stderr}\n${stdout}`;
  const fault =
    /^.*\b(?:ERROR|FATAL|PANIC):.*$/m.exec(said)?.[0] ?? (code === 0 ? null : said.trim().split('\n').at(-1));
  if (fault !== null)
    throw embeddedProblem('start_failed', `The logins of the embedded PostgreSQL cannot be set up: ${fault}`);
}

/** The verifier that Postgres keeps of a password (RFC 5803), so that the password itself is in no statement and no log. */
function verifierOf(password: string): string {
  const [salt, iterations] = [randomBytes(16), 4096];
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest();
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored.toString('base64')}:${hmac('Server Key').toString('base64')}`;
}
