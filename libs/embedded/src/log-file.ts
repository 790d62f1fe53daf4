import { closeSync, fstatSync, mkdirSync, openSync, readSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

const READ_BYTES = 64 * 1024;
const PERIOD_MS = 200;
/** A file beyond this is emptied: the writer has it open for appending, so it goes on at the start. */
const LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * A log file that another process appends to and this one reads along. The writer has the file itself, no pipe: it
 * never waits for us, and our end takes nothing from it.
 */
export class LogFile {
  private readonly fd: number;
  private position: number;
  private rest = '';
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly path: string,
    private readonly onLine: (line: string) => void,
  ) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.fd = openSync(path, 'a+', 0o600);
    this.position = fstatSync(this.fd).size;
    this.timer = setInterval(() => this.read(), PERIOD_MS);
    this.timer.unref();
  }

  /** The descriptor to hand to the writer as its output. */
  get descriptor(): number {
    return this.fd;
  }

  /** Gives what was written since the last look. */
  read(): void {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const size = fstatSync(this.fd).size;
      if (size < this.position) this.position = 0;
      const count = readSync(this.fd, buffer, 0, READ_BYTES, this.position);
      if (count === 0) break;
      this.position += count;
      const lines = (this.rest + buffer.toString('utf8', 0, count)).split('\n');
      // A line without end must not grow without limit.
      this.rest = (lines.pop() ?? '').slice(-READ_BYTES);
      for (const line of lines) this.onLine(line);
    }
    if (this.position > LIMIT_BYTES) {
      truncateSync(this.path, 0);
      this.position = 0;
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.read();
    if (this.rest !== '') this.onLine(this.rest);
    closeSync(this.fd);
  }
}
