import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program, PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { walk } from '../support/file-modes.js';
import { freePorts } from '../support/ports.js';
import { processesWith } from '../support/processes.js';
import { Program } from '../support/program.js';

const SECRETS: Record<string, string> = {
  DROVER_ENROLMENT_TOKEN: 'Geheim-enrolment-0123456789',
  DROVER_JWT_SIGNING_KEY: 'Geheim-jwt-0123456789abcdef0123456789abcdef',
  DROVER_SECRETS_KEY: 'Geheim-secrets-0123456789abcdef',
  FLUX_TOKEN: 'Geheim-flux-token',
};

/** Connects with whatever it finds in the data folder. */
const ATTACK = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const [dataDir, project] = process.argv.slice(2);
const { Client } = createRequire(project + '/package.json')('pg');
const urls = JSON.parse(readFileSync(dataDir + '/postgres/urls.json', 'utf8'));
urls.superuser = urls.url.replace(/\\/\\/[^@]*@/, '//drover@');
for (const [login, url] of Object.entries(urls)) for (const text of ["COPY (SELECT 1) TO PROGRAM 'id > /tmp/drover-attack'", "SELECT pg_read_file('/etc/passwd')"]) {
  const client = new Client({ connectionString: url });
  let answer = 'it worked';
  try {
    await client.connect();
    await client.query(text);
  } catch (error) {
    answer = error.message;
  }
  await client.end().catch(() => {});
  console.log(JSON.stringify({ login, text, answer }));
}
`;

let folder: string;
let dataDir: string;
let url: string;
let up: Program;

/** Runs a command as a job and gives its output. */
async function asJob(command: string | string[], more: Record<string, unknown> = {}): Promise<string> {
  const submitted = await fetch(`${url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command, ...more }),
    signal: AbortSignal.timeout(10_000),
  });
  const { id } = (await submitted.json()) as { id: string };
  await expectEventually(
    async () => {
      const { state } = (await (
        await fetch(`${url}/api/v1/jobs/${id}`, { signal: AbortSignal.timeout(10_000) })
      ).json()) as { state: string };
      expect(['succeeded', 'failed']).toContain(state);
    },
    { withinMs: 60_000 },
  );
  return (await fetch(`${url}/api/v1/jobs/${id}/logs?stream=stdout`, { signal: AbortSignal.timeout(10_000) })).text();
}

/** Every word that opens something: what the operator set, and what the installation made for itself. */
function secretWords(): string[] {
  const roles = JSON.parse(readFileSync(join(dataDir, 'postgres/roles.json'), 'utf8')) as Record<
    string,
    string | number
  >;
  const key = readFileSync(join(dataDir, 'instance.key'), 'utf8').split('\n')[1] as string;
  return [
    'Geheim',
    key,
    ...Object.values(roles).filter((value): value is string => typeof value === 'string'),
    '@127.0.0.1',
  ];
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-secrets-'));
  dataDir = join(folder, 'data');
  const [port = 0] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  const files = Object.entries(SECRETS).map(([name, value]) => {
    const path = join(folder, name);
    writeFileSync(path, value, { mode: 0o600 });
    return [`${name}_FILE`, path];
  });
  up = new Program({
    name: 'up',
    argv: [process.execPath, program('cli'), 'up', '--no-first-job'],
    env: { DROVER_PORT: String(port), DROVER_DATA_DIR: dataDir, ...Object.fromEntries(files) },
    logPath: join(folder, 'up.log'),
  });
  up.start();
  await expectEventually(() => expect(up.log()).toContain('Press Ctrl-C to stop.'), { withinMs: 180_000 }).catch(
    (error: Error) => {
      throw new Error(`${error.message}\n${up.lastLines()}`);
    },
  );
}, 200_000);

afterAll(async () => {
  await up?.stop(60_000);
  for (const { pid } of processesWith(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('a job under drover up', { timeout: 120_000 }, () => {
  it('finds no secret in its environment, nor in the environment and command line of any process of the installation', async () => {
    // By number: what other programs of this machine hold is none of ours.
    const pids = processesWith(dataDir).map(({ pid }) => pid);
    expect(pids).toContain(up.pid);
    const seen = await asJob(
      `env; for pid in ${pids.join(' ')} $$; do tr '\\0' '\\n' < /proc/$pid/environ; tr '\\0' ' ' < /proc/$pid/cmdline; echo; ls -l /proc/$pid/fd; done`,
    );
    expect(seen).toContain('dist/apps/api/src/main.js');
    expect(seen).toContain('dist/apps/worker/src/main.js');
    expect(seen).toContain('postgres/data');
    for (const word of secretWords()) expect(seen, word).not.toContain(word);
    // A job's own token is its own.
    expect(seen).not.toMatch(/DROVER_DATABASE_URL=|DROVER_ENROLMENT_TOKEN=|drover-.*\(deleted\)/);
  });

  it('shows nobody who reads its output the token of its execution', async () => {
    const seen = await asJob(
      'printf %s "$DROVER_TOKEN"; echo; env | grep DROVER_TOKEN | tee /dev/stderr; printf %s "$DROVER_TOKEN" | wc -c',
    );
    const [token, line, length] = seen.split('\n');
    expect(token).toMatch(/^[0-9a-f-]{36}\.[0-9a-f-]{36}\.\*{43}$/);
    expect(line).toBe(`DROVER_TOKEN=${token}`);
    expect(Number(length)).toBe(token?.length);
  });

  it('that reads every file of the installation, as the same user without isolation can, still runs nothing through Postgres', async () => {
    const script = join(folder, 'attack.mjs');
    writeFileSync(script, ATTACK);
    const seen = await asJob([process.execPath, script, dataDir, PROJECT]);
    const tried = seen
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { login: string; text: string; answer: string });
    expect(new Set(tried.map(({ login }) => login))).toEqual(new Set(['url', 'ownerUrl', 'ticketsUrl', 'superuser']));
    for (const { login, text, answer } of tried)
      expect(answer, `${login}: ${text}`).toMatch(
        /permission denied|no pg_hba\.conf entry|client password must be a string/,
      );
  });
});

const IS_ROOT = process.getuid?.() === 0;

/** Paths of the data folder that may be open to others, and why. */
const OPEN: { path: RegExp; mode: number; why: string }[] = [
  {
    path: /^(postgres)?$/,
    mode: IS_ROOT ? 0o711 : 0o700,
    why: 'the account of PostgreSQL passes through to its own folder, and cannot list this one',
  },
];
/**
 * The working folder of a job: what is in it has the modes that the job gave. Nobody comes as far, for the folder
 * around it is 0700.
 */
const ofJobs = (path: string): boolean => /^worker\/[^/]+\/(executions|spare)\/[^/]+\/work$/.test(path);

describe(
  'the data folder of an installation that has run jobs, with logs, artifacts and standard input',
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      await asJob('cat; echo some more >&2; echo kept > file.txt', { stdin: 'words', artifacts: ['file.txt'] });
    });

    it('has folders of mode 0700 and files and sockets of mode 0600, but for the exceptions that have a reason', () => {
      const found = walk(dataDir, ofJobs);
      for (const path of ['instance.key', 'postgres/urls.json', 'logs/api.log', 'blobs'])
        expect(found.map((one) => one.path)).toContain(path);
      expect(found.filter(({ kind }) => kind === 'socket').length).toBeGreaterThan(0);
      const allowed = ({ path, kind }: (typeof found)[number]): number =>
        OPEN.find((one) => one.path.test(path))?.mode ?? (kind === 'folder' ? 0o700 : 0o600);
      const open = found
        .filter((one) => one.kind !== 'link' && one.mode !== allowed(one))
        .map(({ path, mode }) => `${path}: ${mode.toString(8)}`);
      expect(open).toEqual([]);
    });

    it("that PostgreSQL has elsewhere, because its account cannot reach the data folder, is the account's alone", () => {
      const note = join(dataDir, 'postgres/relocated');
      if (!existsSync(note)) return;
      const open = walk(readFileSync(note, 'utf8').trim()).filter(
        ({ kind, mode }) => kind !== 'link' && mode !== (kind === 'folder' ? 0o700 : 0o600),
      );
      expect(open).toEqual([]);
    });

    it.runIf(IS_ROOT)('gives nobody else a name or a byte', () => {
      const { stdout, error } = spawnSync(
        'setpriv',
        ['--reuid=65534', '--regid=65534', '--clear-groups', 'find', dataDir, '-mindepth', '1'],
        { encoding: 'utf8', timeout: 20_000 },
      );
      expect(error).toBeUndefined();
      expect(stdout).toBe('');
      // By name, for who knows one: a single program asks for all of them.
      const files = walk(dataDir, ofJobs).flatMap(({ path, kind }) => (kind === 'file' ? [join(dataDir, path)] : []));
      const script = 'for path in "$@"; do if test -r "$path"; then echo "$path"; fi; done';
      const asked = spawnSync(
        'setpriv',
        ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', script, 'sh', ...files],
        { encoding: 'utf8', timeout: 20_000 },
      );
      expect([asked.status, asked.stdout]).toEqual([0, '']);
    });
  },
);
