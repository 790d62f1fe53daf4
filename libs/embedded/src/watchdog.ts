import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/*
 * Processes we start must not outlive us, whatever ends us (kill -9 too). A shell of one megabyte holds the reading end
 * of a pipe whose writing end only we have: when we are gone the read ends, and it signals what it was told to guard.
 * No polling, nothing to install, and it works across user namespaces, where a parent-death signal would be cleared.
 * Each line we write is the whole list, as `SIGNAL:pid` words.
 */
const SCRIPT =
  'list=; while read -r line; do list=$line; done; for entry in $list; do kill -s "${entry%%:*}" "${entry##*:}" 2>/dev/null; done';

type GuardSignal = 'INT' | 'TERM' | 'KILL';

let shell: ChildProcess | undefined;
const guarded = new Map<number, GuardSignal>();

/** Sends `signal` to `pid` when this process ends without having called `release`. */
export function guard(pid: number, signal: GuardSignal): void {
  guarded.set(pid, signal);
  tell();
}

/** The process has ended, or may go on by itself. */
export function release(pid: number): void {
  if (guarded.delete(pid)) tell();
}

function tell(): void {
  if (guarded.size === 0) {
    // An empty list, then the end of the pipe: the shell goes without signalling anybody.
    shell?.stdin?.end('\n');
    shell = undefined;
    return;
  }
  shell ??= start();
  shell.stdin?.write(`${[...guarded].map(([pid, signal]) => `${signal}:${pid}`).join(' ')}\n`);
}

function start(): ChildProcess {
  // Its own session: a Ctrl-C at the terminal must not end the guard before the guarded.
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.once('exit', () => {
    if (shell !== child) return;
    // Somebody ended the guard: put another one up.
    shell = undefined;
    if (guarded.size > 0) tell();
  });
  child.unref();
  (child.stdin as Writable & { unref?: () => void }).unref?.();
  return child;
}
