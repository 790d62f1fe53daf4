import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { guard, release } from '@drover/embedded';

/** A shell that a page's commands are typed into, one after another: variables and files stay from one to the next. */
export class Shell {
  private readonly child: ChildProcessWithoutNullStreams;
  private text = '';
  private waiting: (() => void) | undefined;

  constructor(cwd: string, env: Record<string, string>) {
    this.child = spawn('bash', ['--noprofile', '--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    if (this.child.pid !== undefined) guard(this.child.pid, 'KILL');
    const take = (chunk: Buffer) => {
      this.text += chunk.toString('utf8');
      this.waiting?.();
    };
    this.child.stdout.on('data', take);
    this.child.stderr.on('data', take);
    this.child.stdin.on('error', () => undefined);
  }

  /** Types one command. Resolves with its lines (both streams) and exit code; fails after `withinMs`. */
  async run(command: string, withinMs = 180_000): Promise<{ lines: string[]; code: number }> {
    const mark = `end-${randomUUID()}`;
    this.text = '';
    // The command gets no input: it would read what is typed next. `$?` is the command's own at the next one.
    const typed = `{ ${command}\n} 2>&1 </dev/null; __code=$?; printf '\\n%s %s\\n' ${mark} $__code; (exit $__code)\n`;
    this.child.stdin.write(typed);
    const end = new RegExp(`\n${mark} (\\d+)\n`);
    const until = Date.now() + withinMs;
    for (;;) {
      const found = end.exec(this.text);
      if (found) {
        const lines = this.text.slice(0, found.index).replace(/\n$/, '').split('\n');
        return { lines: lines.length === 1 && lines[0] === '' ? [] : lines, code: Number(found[1]) };
      }
      if (Date.now() > until)
        throw new Error(`${command} has not ended after ${withinMs} ms. It printed:\n${this.text}`);
      if (this.child.exitCode !== null) throw new Error(`The shell ended at ${command}. It printed:\n${this.text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Ends the shell. What it started in the background ends with its own deadline. */
  close(): void {
    this.child.kill('SIGKILL');
    if (this.child.pid !== undefined) release(this.child.pid);
  }
}
