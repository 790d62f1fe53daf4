import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { guard, release } from '@drover/embedded';
import { PROJECT } from './built.js';

export interface ProgramOptions {
  /** For messages and the name of its log file. */
  name: string;
  argv: readonly string[];
  env: Record<string, string>;
  /** Both output streams go here, appended. */
  logPath: string;
  cwd?: string;
}

/** One real process of a test: started, watched, killed, started again. It ends with the test process. */
export class Program {
  readonly name: string;
  readonly logPath: string;
  private child: ChildProcess | undefined;
  private ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }> = Promise.resolve({
    code: 0,
    signal: null,
  });

  constructor(private readonly options: ProgramOptions) {
    this.name = options.name;
    this.logPath = options.logPath;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.name} was not started`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it (again), with changed environment variables if given. */
  start(env: Record<string, string> = {}): void {
    if (this.running) throw new Error(`${this.name} runs already`);
    const log = openSync(this.logPath, 'a');
    const [command = '', ...args] = this.options.argv;
    // Only what is named here: a DROVER_* variable of the shell that runs the tests must not change them.
    const base = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      TMPDIR: process.env['TMPDIR'] ?? '/tmp',
    };
    const child = spawn(command, args, {
      cwd: this.options.cwd ?? PROJECT,
      env: { ...base, ...this.options.env, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const pid = child.pid;
    if (pid !== undefined) guard(pid, 'KILL');
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve({ code: null, signal: null }));
      child.once('exit', (code, signal) => {
        if (pid !== undefined) release(pid);
        resolve({ code, signal });
      });
    });
    this.child = child;
  }

  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** SIGTERM, and KILL after `withinMs`. Gives how it ended. */
  async stop(withinMs = 20_000): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.child?.kill('SIGTERM');
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), withinMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until it has ended by itself. */
  exit(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return this.ended;
  }

  /** Everything it has written so far. */
  log(): string {
    return existsSync(this.logPath) ? readFileSync(this.logPath, 'utf8') : '';
  }

  /** For messages of failing tests. */
  lastLines(count = 15): string {
    return this.log().trim().split('\n').slice(-count).join('\n');
  }
}
