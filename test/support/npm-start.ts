import { spawn, type ChildProcess } from 'node:child_process';
import { guard, release } from '@drover/embedded';
import { expectEventually } from './expect-eventually.js';

export interface NpmStartOptions {
  tree: string;
  env: Record<string, string>;
  /** Put before npm, e.g. `runuser -u somebody --`. */
  prefix?: string[];
  /** Default `['npm', 'start']`. */
  command?: string[];
}

/** `npm start` at a terminal of its own, as far as signals go. */
export class NpmStart {
  readonly child: ChildProcess;
  /** Both streams as they came. */
  output = '';
  /** Its exit code; `in order` for 0, and for the SIGINT that npm gives itself when Ctrl-C has ended its script. */
  readonly exited: Promise<number | string | null>;

  constructor({ tree, env, prefix = [], command = ['npm', 'start'] }: NpmStartOptions) {
    const [program = '', ...args] = [...prefix, ...command];
    const base = { PATH: process.env['PATH'] ?? '', HOME: tree, NO_COLOR: '1', npm_config_update_notifier: 'false' };
    // A process group of its own, as a shell gives to what it runs in the foreground.
    this.child = spawn(program, args, {
      cwd: tree,
      env: { ...base, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = this.child.pid ?? 0;
    guard(pid, 'TERM');
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        release(pid);
        resolve(code === 0 || signal === 'SIGINT' ? 'in order' : (code ?? signal));
      });
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until the output holds a text; fails at once when the program ends before. */
  async says(text: string | RegExp, withinMs = 120_000): Promise<void> {
    let ended = false;
    await expectEventually(
      () => {
        ended = !this.running;
        return ended || (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
      },
      { withinMs, what: `"${String(text)}" in the output` },
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n--- output\n${this.output}`);
    });
    if (ended && !(typeof text === 'string' ? this.output.includes(text) : text.test(this.output)))
      throw new Error(
        `It ended with ${this.child.exitCode} before it said "${String(text)}"\n--- output\n${this.output}`,
      );
  }

  /** Does as a terminal at Ctrl-C: SIGINT to every process of the foreground group. */
  ctrlC(): void {
    process.kill(-(this.child.pid ?? 0), 'SIGINT');
  }
}
