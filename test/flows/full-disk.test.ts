import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { jobIs, submit, verifyLog } from '../support/flow.js';
import { NpmStart } from '../support/npm-start.js';
import { freePort } from '../support/ports.js';
import { processesWith } from '../support/processes.js';

/** Enough for an empty record and some output. */
const SMALL = '176m';
/** Enough for the output twice: in the spool, and in the record. */
const LARGE = '640m';
const MIB = 1024 * 1024;

let disk: string;
let mounted = false;
let up: NpmStart | undefined;

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'drover-full-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL}`, 'tmpfs', disk], { stdio: 'ignore' });
    mounted = true;
  } catch {
    mounted = false;
  }
});
afterEach(async () => {
  if (up?.running) up.child.kill('SIGKILL');
  await up?.exited;
  await expectEventually(() => expect(processesWith(disk)).toEqual([]), {
    withinMs: 60_000,
    what: 'The end of all processes',
  });
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

const free = (): number => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};

/** Takes what is left of the disk, to the last byte. */
function fill(): void {
  const fd = openSync(join(disk, 'ballast'), 'a');
  try {
    for (;;) if (writeSync(fd, Buffer.alloc(64 * 1024)) === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(fd);
  }
}

/** The output of `drover up`, without what its programs log. */
const said = (): string[] => (up?.output ?? '').split('\n').filter((line) => !/^(api|worker) /.test(line));

describe('a job that fills the only disk of drover up', { timeout: 240_000 }, () => {
  it('ends as disk_full, all programs outlive it, and everything goes on once there is room', async ({ skip }) => {
    if (!mounted) skip('A small disk of its own can be mounted by root only.');
    const port = await freePort();
    up = new NpmStart({
      tree: disk,
      command: [process.execPath, program('cli'), 'up', '--no-first-job'],
      env: {
        DROVER_DATA_DIR: join(disk, 'data'),
        DROVER_PORT: String(port),
        DROVER_NODE_NAME: 'small',
        DROVER_ISOLATION: 'none',
      },
    });
    await up.says('Press Ctrl-C to stop.');
    const broker = brokerAt(port);
    const executions = join(disk, 'data/worker/small/executions');

    const id = await submit(broker, { command: `head -c ${400 * MIB} /dev/urandom`, limits: { grace_s: 1 } });
    await expectEventually(() => free() < MIB, { withinMs: 60_000, what: 'A full disk' });
    // The record's own disk is full: Postgres may end by itself at any time. Here it does.
    const postmaster = Number(readFileSync(join(disk, 'data/postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    fill();
    killQuietly(postmaster);
    await expectEventually(
      () => {
        fill();
        return said().some((line) => /trying again in \d+ s$/.test(line));
      },
      { withinMs: 60_000, what: 'A start of the database that failed' },
    );
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    // The job's output cannot be stored anywhere else yet, so it is kept.
    expect(readdirSync(executions)).toHaveLength(1);

    rmSync(join(disk, 'ballast'));
    execFileSync('mount', ['-o', `remount,size=${LARGE}`, disk]);
    await up.says('the embedded PostgreSQL is back', 60_000);
    const ended = await jobIs(broker, id, 'failed', 60_000);
    expect(ended).toMatchObject({ cause: 'disk_full', attempt: 1, node: 'small' });
    await verifyLog(broker, id);
    await expectEventually(() => expect(readdirSync(executions)).toEqual([]), {
      withinMs: 20_000,
      what: 'An empty spool',
    });
    const next = await submit(broker, { command: 'echo there is room' });
    await jobIs(broker, next, 'succeeded', 30_000);

    // Nothing but the database had to be started again.
    expect(said().filter((line) => /the (api|worker) ended/.test(line))).toEqual([]);
    up.ctrlC();
    expect(await up.exited).toBe('in order');
    expect(existsSync(join(disk, 'data/postgres/urls.json'))).toBe(false);
  });
});

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself already.
  }
}

/** The part of a stack that the helpers of flows use. */
function brokerAt(port: number): Parameters<typeof submit>[0] {
  const url = `http://127.0.0.1:${port}`;
  const request = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { url, request } as Parameters<typeof submit>[0];
}
