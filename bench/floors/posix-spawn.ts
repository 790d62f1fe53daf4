/*
 * The machine's limit: the same work as `node-spawn.ts`, with libc's `posix_spawnp` (a vfork) in place of Node's
 * `spawn` (a fork that waits for the exec). Linux with glibc or musl: sizes and flags are theirs.
 */
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { runFloor, type Start } from './spawn-loop.js';

/** The process itself, which is linked to libc. */
const libc = koffi.load(null);
const spawn = libc.func(
  'int posix_spawnp(_Out_ int *pid, const char *file, void *actions, void *attributes, const char **argv, const char **envp)',
) as (pid: [number], file: string, actions: Buffer, attributes: Buffer, argv: Strings, envp: Strings) => number;
const waitpid = libc.func('int waitpid(int pid, _Out_ int *status, int options)') as (
  pid: number,
  status: [number],
  options: number,
) => number;
const initActions = libc.func('int posix_spawn_file_actions_init(void *actions)') as (actions: Buffer) => number;
const endActions = libc.func('int posix_spawn_file_actions_destroy(void *actions)') as (actions: Buffer) => number;
const addOpen = libc.func(
  'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, uint mode)',
) as (actions: Buffer, fd: number, path: string, flags: number, mode: number) => number;
const addDup = libc.func('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)') as (
  actions: Buffer,
  from: number,
  to: number,
) => number;
const addChdir = libc.func('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)') as (
  actions: Buffer,
  path: string,
) => number;
const initAttributes = libc.func('int posix_spawnattr_init(void *attributes)') as (attributes: Buffer) => number;
const setFlags = libc.func('int posix_spawnattr_setflags(void *attributes, short flags)') as (
  attributes: Buffer,
  flags: number,
) => number;

type Strings = readonly (string | null)[];

/** Larger than both libraries' structures (80 and 336 bytes). */
const ACTIONS_BYTES = 128;
const ATTRIBUTES_BYTES = 512;
const SETSID = 0x80;
const NO_HANG = 1;

const attributes = Buffer.alloc(ATTRIBUTES_BYTES);
initAttributes(attributes);
setFlags(attributes, SETSID);
const environment: Strings = [`PATH=${process.env['PATH'] ?? ''}`, null];

const running = new Map<number, (status: number) => void>();

// It keeps no loop alive: the timer does, as long as something runs.
const alive = setInterval(() => undefined, 1_000);
process.on('SIGCHLD', () => {
  for (const [pid, ended] of running) {
    const status: [number] = [0];
    if (waitpid(pid, status, NO_HANG) !== pid) continue;
    running.delete(pid);
    ended(status[0]);
  }
});

const start: Start = (program, args, files) =>
  new Promise((resolve, reject) => {
    const stdout = openSync(files.stdout, 'a', 0o600);
    const stderr = openSync(files.stderr, 'a', 0o600);
    const actions = Buffer.alloc(ACTIONS_BYTES);
    initActions(actions);
    addChdir(actions, files.folder);
    addOpen(actions, 0, '/dev/null', 0, 0);
    addDup(actions, stdout, 1);
    addDup(actions, stderr, 2);
    const pid: [number] = [0];
    const fault = spawn(pid, program, actions, attributes, [program, ...args, null], environment);
    endActions(actions);
    closeSync(stdout);
    closeSync(stderr);
    if (fault !== 0) reject(new Error(`posix_spawnp of ${program} failed with errno ${fault}`));
    else
      running.set(pid[0], (status) =>
        status === 0 ? resolve() : reject(new Error(`${program} ended with status ${status}`)),
      );
  });

await runFloor(start);
clearInterval(alive);
