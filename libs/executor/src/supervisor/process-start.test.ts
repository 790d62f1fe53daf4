import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskEnd } from './classify.js';
import { startByNode } from './node-start.js';
import { posixStarter } from './posix-start.js';
import type { ProcessOrder, StartProcess } from './process-start.js';

const PATH = '/usr/local/bin:/usr/bin:/bin';
/** A set of signals in /proc that is empty. */
const NONE = '0'.repeat(16);
const posix = await posixStarter();

it('posix_spawn can be called on the machines that tests run on', () => {
  expect(posix).not.toBeNull();
});

/** Every promise is one of both ways. */
const WAYS: [string, StartProcess][] = [['fork', startByNode]];
if (posix) WAYS.push(['posix_spawn', posix]);

describe.each(WAYS)('a process that is started by %s', (_, start) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a program to its end. Rejects with the fault that kept it from starting. */
  async function run(
    argv: [string, ...string[]],
    { env = { PATH }, stdin = 'ignore', ...more }: Partial<ProcessOrder> & { stdin?: number | 'ignore' } = {},
  ): Promise<{ end: TaskEnd; pid: number; stdout: string; stderr: string }> {
    const files = ['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'a', 0o600)) as [number, number];
    try {
      const child = await start({ argv, cwd: folder, env, stdio: [stdin, ...files], ...more });
      const end = await new Promise<TaskEnd>((resolve) => child.onExit(resolve));
      const [stdout, stderr] = ['stdout', 'stderr'].map((name) => readFileSync(join(folder, name), 'utf8'));
      return { end, pid: child.pid, stdout: stdout as string, stderr: stderr as string };
    } finally {
      for (const file of files) closeSync(file);
    }
  }

  const fault = async (argv: [string, ...string[]], more: Partial<ProcessOrder> = {}): Promise<unknown> =>
    run(argv, more).then(
      () => 'it ran',
      (error: NodeJS.ErrnoException) => error.code,
    );

  const script = (name: string, text: string, mode = 0o755): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('tells its exit code', async () => {
    expect((await run(['/bin/sh', '-c', 'exit 42'])).end).toEqual({ code: 42, signal: null });
    expect((await run(['true'])).end).toEqual({ code: 0, signal: null });
  });

  it('tells the signal that ended it', async () => {
    expect((await run(['/bin/sh', '-c', 'kill -USR1 $$'])).end).toEqual({ code: null, signal: 'SIGUSR1' });
    expect((await run(['/bin/sh', '-c', 'kill -KILL $$'])).end).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it.each(['ABRT', 'IO'])('tells SIG%s by this name, although the signal has another one', async (name) => {
    expect((await run(['/bin/sh', '-c', `kill -${name} $$`])).end).toEqual({ code: null, signal: `SIG${name}` });
  });

  it('writes to the files it was given, and reads nothing or the file it was given', async () => {
    const { stdout, stderr } = await run(['/bin/sh', '-c', 'cat; echo out; echo err >&2']);
    expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
    writeFileSync(join(folder, 'in'), 'given\n');
    const stdin = openSync(join(folder, 'in'), 'r');
    expect((await run(['cat'], { stdin })).stdout).toBe('out\ngiven\n');
    closeSync(stdin);
  });

  it('leads a session and a group of its own, in the folder and with the environment it was given', async () => {
    const { pid, stdout } = await run(
      ['/bin/sh', '-c', 'cat /proc/$$/stat; pwd -P; tr "\\0" "\\n" </proc/$$/environ'],
      {
        env: { PATH, GREETING: 'hello wörld', EMPTY: '' },
      },
    );
    const [stat = '', cwd, ...env] = stdout.trimEnd().split('\n');
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect([group, session]).toEqual([String(pid), String(pid)]);
    expect(cwd).toBe(folder);
    expect(env).toEqual([`PATH=${PATH}`, 'GREETING=hello wörld', 'EMPTY=']);
  });

  it('has every signal at its default and none blocked, also those that Node ignores', async () => {
    const { stdout } = await run(['cat', '/proc/self/status']);
    const sets = [...stdout.matchAll(/^Sig(Blk|Ign|Cgt):\t(.*)$/gm)].map(([, name, set]) => [name, set]);
    expect(Object.fromEntries(sets)).toEqual({ Blk: NONE, Ign: NONE, Cgt: NONE });
  });

  it('inherits no other descriptor of ours, and one more where it was given one', async () => {
    const secret = openSync(script('secret', 'x'), 'r');
    expect((await run(['ls', '/proc/self/fd'])).stdout.split('\n')).not.toContain(String(secret));
    const files = [openSync(join(folder, 'stdout'), 'a'), openSync(join(folder, 'stderr'), 'a')] as const;
    const { stdout } = await run(['/bin/sh', '-c', 'cat <&3'], { stdio: ['ignore', ...files, secret] });
    expect(stdout).toMatch(/x$/);
    for (const file of [secret, ...files]) closeSync(file);
  });

  it('is found in the PATH it was given, not in ours', async () => {
    script('only-here', '#!/bin/sh\necho "$0 $1"\n');
    expect((await run(['only-here', 'a'], { env: { PATH: `/nowhere:${folder}` } })).stdout).toBe(
      `${folder}/only-here a\n`,
    );
    expect(await fault(['only-here'])).toBe('ENOENT');
  });

  it('is found from its folder, and keeps the name it was called by', async () => {
    script('here.sh', '#!/bin/sh\necho "$0"\n');
    expect((await run(['./here.sh'])).stdout).toBe('./here.sh\n');
  });

  it('is a script of the shell where it has no other format', async () => {
    script('plain', 'echo "shell $1"\n');
    expect((await run(['./plain', 'a b'])).stdout).toBe('shell a b\n');
  });

  it('fails with the code of the system where it cannot be started', async () => {
    script('data', 'echo no\n', 0o644);
    expect(await fault(['/nowhere/program'])).toBe('ENOENT');
    expect(await fault(['no-such-program'])).toBe('ENOENT');
    expect(await fault(['./data'])).toBe('EACCES');
    expect(await fault(['/etc'])).toBe('EACCES');
    expect(await fault(['true'], { cwd: join(folder, 'missing') })).toBe('ENOENT');
    expect(await fault(['echo', 'a\0b'])).toBe('ERR_INVALID_ARG_VALUE');
    expect(await fault(['echo', 'x'.repeat(3_000_000)])).toBe('E2BIG');
    expect(await fault(['true'], { stdio: [2 ** 30, 'ignore', 'ignore'] })).toBe('EBADF');
  });

  it('is one of hundreds, each of which is heard of once', async () => {
    const files = ['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'a', 0o600)) as [number, number];
    const heard = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const argv: ProcessOrder['argv'] = ['/bin/sh', '-c', `exit ${n % 50}`];
        const child = await start({ argv, cwd: folder, env: { PATH }, stdio: ['ignore', ...files] });
        return new Promise<number | null>((resolve) => child.onExit(({ code }) => resolve(code)));
      }),
    );
    expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n % 50));
    for (const file of files) closeSync(file);
  });
});
