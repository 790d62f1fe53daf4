import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type { TaskEnd } from './classify.js';
import { loadLibc, type Libc } from './libc.js';
import type { StartProcess } from './process-start.js';
import { findProgram } from './sentences.js';

/** Between two looks at all processes, should a signal of the kernel have been lost. Milliseconds. */
const LOOK_MS = 1_000;

/**
 * A way to start processes by `posix_spawn` of the C library, which borrows this process's memory until the new program
 * runs instead of copying its page tables: a start takes a tenth of what Node's `spawn` takes. Null where the C library
 * cannot be called, for instance because npm's koffi has no program for this machine.
 */
export async function posixStarter(): Promise<StartProcess | null> {
  const libc = await loadLibc();
  return libc && starter(libc);
}

function starter(libc: Libc): StartProcess {
  const children = new Children(libc);
  return async ({ argv, cwd, env, stdio }) => {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    if ([...argv, ...variables, cwd].some((text) => text.includes('\0')))
      throw systemError('ERR_INVALID_ARG_VALUE', argv[0]);
    const program = findProgram(argv[0], env['PATH'], cwd);
    const files = { cwd, stdio };
    let started = await libc.spawn(program, argv, variables, files);
    // A file without a format that the kernel knows is a script of the shell, as for execvp(3).
    if ('errno' in started && started.errno === constants.errno.ENOEXEC)
      started = await libc.spawn('/bin/sh', ['/bin/sh', program, ...argv.slice(1)], variables, files);
    if ('errno' in started) throw systemError(getSystemErrorName(-started.errno), argv[0]);
    const { pid } = started;
    return { pid, onExit: (listener) => children.add(pid, listener) };
  };
}

const systemError = (code: string, program: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`spawn ${program} ${code}`), { code });

/** Processes of ours that Node does not know: it waits for those alone that it started itself. */
class Children {
  private readonly running = new Map<number, (end: TaskEnd) => void>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly libc: Libc) {
    process.on('SIGCHLD', () => this.look());
  }

  add(pid: number, listener: (end: TaskEnd) => void): void {
    this.running.set(pid, listener);
    // It may have ended before its start was known here: its signal was for nobody then.
    setImmediate(() => this.lookAt(pid, listener));
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Tells the end of a process, once. */
  private lookAt(pid: number, listener: (end: TaskEnd) => void): void {
    if (this.running.get(pid) !== listener) return;
    const status = this.libc.ended(pid);
    if (status === null) return;
    this.running.delete(pid);
    listener(endOf(status));
  }

  private look(): void {
    for (const [pid, listener] of this.running) this.lookAt(pid, listener);
    if (this.running.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** Names of signals by their numbers. Of a number with two names it is the first, as in Node: SIGABRT, not SIGIOT. */
const SIGNALS = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** A status of wait(2): the low seven bits are a signal, the next byte is the exit code. */
function endOf(status: number): TaskEnd {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: null };
  return { code: null, signal: SIGNALS.get(signal) ?? `SIG${signal}` };
}
