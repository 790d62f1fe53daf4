import pc from 'picocolors';

/** More lines of trouble than this in a second go to the log file only. */
const LINES_PER_SECOND = 20;
const ALWAYS = new Set(['warn', 'error', 'fatal']);

/** What `drover up` shows: its own steps, and of the programs it runs the problems only (everything is in their log files). */
export class Screen {
  private second = 0;
  private shown = 0;

  constructor(
    private readonly verbose: boolean,
    private readonly out: NodeJS.WritableStream = process.stdout,
    private readonly err: NodeJS.WritableStream = process.stderr,
  ) {}

  step(text: string): void {
    this.out.write(`${pc.dim('-')} ${text}\n`);
  }

  say(text: string): void {
    this.out.write(`${text}\n`);
  }

  problem(text: string): void {
    this.err.write(`drover: ${text}\n`);
  }

  /** A line of a program: JSON of our logger, or raw text of a crash. */
  line(name: string, line: string): void {
    if (line.trim() === '') return;
    const entry = parse(line);
    if (!this.verbose && entry !== null && !ALWAYS.has(entry.level)) return;
    const now = Math.floor(Date.now() / 1000);
    if (now !== this.second) {
      this.second = now;
      this.shown = 0;
    }
    this.shown++;
    if (!this.verbose && this.shown > LINES_PER_SECOND) {
      if (this.shown === LINES_PER_SECOND + 1) this.err.write(`${pc.yellow(name)} ... more in the log file\n`);
      return;
    }
    this.err.write(`${pc.yellow(name)} ${entry === null ? line : entry.text}\n`);
  }
}

function parse(line: string): { level: string; text: string } | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, name: _name, pid: _pid, time: _time, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
    return { level: String(level), text: `${String(level)} ${typeof msg === 'string' ? msg : ''}${details}` };
  } catch {
    return null;
  }
}
