import { Coloured, Terminal } from '../terminal/terminal.js';

/** More lines of trouble than this in a second go to the log file only. */
const LINES_PER_SECOND = 20;
const ALWAYS = new Set(['warn', 'error', 'fatal']);

/**
 * Shows the steps of `drover up`, and of the programs it runs the problems only (everything is in their log
 * files).
 */
export class Screen {
  private second = 0;
  private shown = 0;

  private readonly terminal: Terminal;

  constructor(
    private readonly verbose: boolean,
    out?: NodeJS.WritableStream,
    err?: NodeJS.WritableStream,
  ) {
    this.terminal = new Terminal(out, err);
  }

  step(text: string): void {
    void this.terminal.out(new Coloured('-', 'dim'), ` ${text}\n`);
  }

  say(text: string): void {
    void this.terminal.out(`${text}\n`);
  }

  problem(text: string): void {
    void this.terminal.say(text);
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
      if (this.shown === LINES_PER_SECOND + 1)
        void this.terminal.err(new Coloured(name, 'yellow'), ' ... more in the log file\n');
      return;
    }
    void this.terminal.err(new Coloured(name, 'yellow'), ` ${entry === null ? line : entry.text}\n`);
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
