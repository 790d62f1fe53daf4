import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogFile } from './log-file.js';
import { secretDescriptor } from './secret-descriptor.js';
import { guard, release } from './watchdog.js';

export interface ServiceOptions {
  name: string;
  argv: readonly string[];
  /** Can be read by every program of this user: no secrets. */
  env: NodeJS.ProcessEnv;
  /** Settings that stay out of the environment. Handed over at each start. */
  secrets?: Readonly<Record<string, string>>;
  cwd: string;
  /** Gets both output streams. */
  logPath: string;
  /** Every line it writes. */
  onLine: (line: string) => void;
  /** Called when the program ended although nobody asked; `restart` tells whether it is started again. */
  onCrash: (reason: string, restart: boolean) => void;
}

/**
 * The wait before a restart doubles with each crash within WINDOW_MS, up to MOST_WAIT_MS. What makes a program crash (a
 * full disk, say) may pass, so it is never given up.
 */
const WINDOW_MS = 120_000;
const FIRST_WAIT_MS = 250;
const MOST_WAIT_MS = 15_000;

/**
 * A program Drover runs beside itself: started again when it crashes, and ended with us, whatever ends us. It has a
 * session of its own, so that a Ctrl-C reaches it only through `stop`, in the right order.
 */
export class Service {
  private child: ChildProcess | undefined;
  private log: LogFile | undefined;
  private gone: Promise<void> = Promise.resolve();
  private stopping = false;
  private settled = false;
  private crashes: number[] = [];

  constructor(private readonly options: ServiceOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Says that the program is ready. From then on a crash is followed by a restart; before, a crash ends the start. */
  ready(): void {
    this.settled = true;
  }

  start(): void {
    const { argv, env, secrets, cwd, logPath, onLine } = this.options;
    this.log ??= new LogFile(logPath, onLine);
    const [program = '', ...args] = argv;
    const handed = secretDescriptor(secrets);
    const stdio = ['ignore', this.log.descriptor, this.log.descriptor, ...handed.stdio] as const;
    const child = spawn(program, args, { cwd, env: { ...env, ...handed.env }, detached: true, stdio: [...stdio] });
    handed.close();
    const { pid } = child;
    if (pid !== undefined) guard(pid, 'TERM');
    this.child = child;
    this.gone = new Promise((resolve) => {
      const ended = (reason: string): void => {
        if (pid !== undefined) release(pid);
        this.log?.read();
        resolve();
        if (!this.stopping) this.crashed(reason);
      };
      child.once('error', (error) => ended(error.message));
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    });
  }

  private crashed(reason: string): void {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < WINDOW_MS), now];
    this.options.onCrash(reason, this.settled);
    if (!this.settled) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.crashes.length - 1), MOST_WAIT_MS);
    setTimeout(() => this.startAgain(), wait);
  }

  /** Its log, or the process itself, may not be possible at the moment: that counts as a crash, too. */
  private startAgain(): void {
    if (this.stopping) return;
    try {
      this.start();
    } catch (error) {
      this.crashed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Sends TERM again: a worker then drains no longer. */
  hurry(): void {
    if (this.running) this.child?.kill('SIGTERM');
  }

  /** TERM, and KILL after `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    if (this.running) {
      this.child?.kill('SIGTERM');
      const timer = new AbortController();
      const late = sleep(withinMs, undefined, { signal: timer.signal }).then(
        () => this.child?.kill('SIGKILL'),
        () => undefined,
      );
      await this.gone;
      timer.abort();
      await late;
    }
    this.log?.close();
    this.log = undefined;
  }
}
