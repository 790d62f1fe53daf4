import type { TaskEnd } from './classify.js';

/** A program to start, in a session of its own. */
export interface ProcessOrder {
  /** The program as `argv[0]` names it: a path, or a name that is looked up in the PATH of `env`. */
  argv: [string, ...string[]];
  /** An absolute path. */
  cwd: string;
  env: Record<string, string>;
  /** Our descriptors that become the process's 0, 1, 2 and so on; `ignore` is /dev/null. They stay open here. */
  stdio: (number | 'ignore')[];
}

/** A process that was started. */
export interface StartedProcess {
  readonly pid: number;
  /** Hears once how the process ended, also when that was before the call. Call in the turn in which it was started. */
  onExit(listener: (end: TaskEnd) => void): void;
}

/**
 * Starts a process: with all signals at their defaults and none blocked, and with no other descriptors of ours. The
 * descriptors of the order have to stay open until then.
 *
 * @throws NodeJS.ErrnoException with the system's code
 */
export type StartProcess = (order: ProcessOrder) => Promise<StartedProcess>;
