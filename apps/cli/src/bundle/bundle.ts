import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { arch, cpus, freemem, loadavg, platform, release, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { shownSettings, unknownVariables, VERSION, type Config } from '@drover/config';
import { DIALECTS, tablesOfDialects } from '@drover/dialects';
import { run, runningPostgresUrl } from '@drover/embedded';
import { agentStore, assertSchema, serverVersion, Store, supportStore } from '@drover/store';
import type { Verdict } from '../doctor/checks.js';
import { Archive } from './archive.js';
import { hider } from './hide.js';

/** Longest wait for one part. */
const PART_MS = 8_000;
const ANSWER_MS = 5_000;
/** Bytes of the end of each log that are kept. */
const LOG_BYTES = 1024 * 1024;
const MOST_LOGS = 20;
const JOURNAL_LINES = 5_000;
const UNITS = ['drover-api', 'drover-worker', 'drover-postgres'];

/** The parts of an archive: a file each, and what it holds. */
type Part = [name: string, make: () => Promise<string | object>];

/**
 * Writes one archive for who helps with this installation: settings without secrets, versions, checks, health, recent
 * logs, the state of queues, slow statements. Parts that cannot be had are named in its README with the reason; so it
 * works with parts of the installation down. Gives the parts that are missing.
 */
export async function writeBundle(
  path: string,
  config: Config | undefined,
  results: readonly [string, Verdict][],
): Promise<string[]> {
  const at = new Date();
  const archive = new Archive(`drover-${at.toISOString().replace(/[:.]/g, '-')}`, hider(config));
  const missing: string[] = [];
  let present: string[] = [];
  const collect = async (parts: readonly Part[]): Promise<void> => {
    for (const [name, make] of parts) {
      try {
        const made = await within(PART_MS, make());
        archive.add(name, typeof made === 'string' ? made : `${JSON.stringify(made, null, 2)}\n`);
        present = [...present, name];
      } catch (error) {
        missing.push(`${name}: ${error instanceof Error ? error.message || error.name : String(error)}`);
      }
    }
  };
  await collect([
    ['versions.json', async () => versions()],
    [
      'settings.json',
      async () => ({ settings: shownSettings(DIALECTS), not_read: unknownVariables(DIALECTS).map(({ name }) => name) }),
    ],
    ['checks.json', async () => results.map(([name, verdict]) => ({ name, ...verdict }))],
  ]);
  if (config === undefined) missing.push('everything else: the settings are not accepted, see checks.json');
  else {
    await collect(apiParts(config));
    await withStore(config, missing, (store) => collect(storeParts(store)));
    await collect(await logParts(config));
  }
  archive.add('README.txt', readme(at, present, missing));
  await archive.write(path);
  return missing;
}

function versions(): object {
  return {
    drover: VERSION,
    node: process.versions,
    os: { platform: platform(), release: release(), arch: arch(), uptime_s: Math.round(uptime()) },
    machine: { cpus: cpus().length, load: loadavg(), memory_bytes: totalmem(), free_memory_bytes: freemem() },
  };
}

function apiParts({ apiUrl }: Config): Part[] {
  const get = async (route: string): Promise<string> => {
    const answer = await fetch(`${apiUrl}${route}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return `GET ${route} answered ${answer.status}\n${await answer.text()}`;
  };
  return [
    ['api/livez.txt', () => get('/livez')],
    ['api/readyz.txt', () => get('/readyz')],
    ['api/metrics.txt', () => get('/metrics')],
  ];
}

function storeParts(store: Store): Part[] {
  const { sql } = store;
  return [
    [
      'database/schema.json',
      async () => ({
        server: await serverVersion(sql),
        migrations: await assertSchema(store, await tablesOfDialects()).then(
          () => 'up to date',
          (error: Error) => error.message,
        ),
        settings: await supportStore.server(sql),
      }),
    ],
    ['database/tables.json', async () => (await supportStore.tables(sql)) as object],
    ['database/activity.json', async () => (await supportStore.activity(sql)) as object],
    [
      'database/statements.json',
      async () =>
        ((await supportStore.slowStatements(sql)) as object | null) ?? {
          note: 'The extension pg_stat_statements is not there; activity.json has what runs now.',
        },
    ],
    ['queues.json', async () => (await supportStore.queues(sql)) as object],
    [
      'nodes.json',
      async () =>
        (await agentStore.list(sql)).map(({ token_hash: _, ...agent }) => ({ ...agent, payload: agent.payload })),
    ],
  ];
}

/** The logs of `drover up` in the data folder, and those of the units of systemd. */
async function logParts({ dataDir }: Config): Promise<Part[]> {
  const folder = join(dataDir, 'logs');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.log')).slice(0, MOST_LOGS);
  return [
    ...files.map((name): Part => [`logs/${name}`, () => endOf(join(folder, name))]),
    ...(files.length > 0 ? [] : [['logs', () => Promise.reject(new Error(`there is no log in ${folder}`))] as Part]),
    ['logs/journal.txt', journal],
  ];
}

/**
 * The last lines of a log, each of them whole: half a secret would not be known as one. A link is not followed, for
 * whoever runs this may read more than the user to whom the folder belongs.
 */
async function endOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error(`${path} is no file`);
    const from = Math.max(0, stat.size - LOG_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size - from), 0, stat.size - from, from);
    const bytes = buffer.subarray(0, bytesRead);
    return bytes.subarray(from === 0 ? 0 : bytes.indexOf('\n') + 1).toString('utf8');
  } finally {
    await file.close();
  }
}

async function journal(): Promise<string> {
  const units = UNITS.flatMap((unit) => ['--unit', unit]);
  const { code, stdout, stderr } = await run(
    ['journalctl', ...units, '--lines', String(JOURNAL_LINES), '--output', 'short-iso', '--no-pager', '--quiet'],
    { timeoutMs: ANSWER_MS, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
  );
  if (code !== 0) throw new Error(`journalctl: ${stderr.trim().slice(0, 300) || `ended with ${code}`}`);
  if (stdout.trim() === '') throw new Error(`the journal has nothing of ${UNITS.join(', ')}`);
  return stdout;
}

/** A store for the parts that need one; without it they are missing together. */
async function withStore(config: Config, missing: string[], work: (store: Store) => Promise<void>): Promise<void> {
  const url = config.databaseUrl ?? runningPostgresUrl(config.dataDir);
  let store: Store | undefined;
  try {
    if (url === null) throw new Error('the embedded PostgreSQL does not run');
    store = await within(PART_MS, Store.open({ url, pool: 2, applicationName: 'drover-doctor' }));
    await work(store);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    missing.push(`database/, queues.json, nodes.json: ${message || code}`);
  } finally {
    await store?.close();
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function readme(at: Date, present: readonly string[], missing: readonly string[]): string {
  return [
    `Written by \`drover doctor --bundle\` of Drover ${VERSION} at ${at.toISOString()}.`,
    'Secrets are replaced by ***: every one that is set here, and whatever looks like a token or a password.',
    'Names of queues, nodes and clients, and lines of logs, are as they are: look through the files before you give them away.',
    '',
    'It has:',
    ...present.map((name) => `  ${name}`),
    '',
    missing.length === 0 ? 'Nothing is missing.' : 'It lacks:',
    ...missing.map((line) => `  ${line}`),
    '',
  ].join('\n');
}
