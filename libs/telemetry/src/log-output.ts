import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import { logLinesDropped } from './definitions.js';

/** How often a pipe whose reader is slow is asked again, and how long each wait is: a log must not stop the program. */
const TRIES = 20;
const WAIT_MS = 5;
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Lines for a file descriptor, written at once. A line that cannot be written (the disk is full, the reader has gone)
 * is dropped and counted: a program lives on without its log. When there is room again, the log says how many lines it
 * lacks.
 */
export class LogOutput implements DestinationStream {
  /** Lines dropped since the last one that was written. */
  private missing = 0;
  /** A part of a line was written before the disk was full. */
  private torn = false;

  constructor(
    private readonly fd: number,
    private readonly name: string,
    private readonly write_: (fd: number, data: Buffer) => number = writeSync,
  ) {}

  write(line: string): void {
    const note =
      this.missing === 0
        ? ''
        : `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), name: this.name, dropped: this.missing, msg: 'lines of this log could not be written' })}\n`;
    if (this.put(`${this.torn ? '\n' : ''}${note}${line}`)) {
      this.missing = 0;
      return;
    }
    this.missing += 1;
    logLinesDropped.inc();
  }

  private put(text: string): boolean {
    let rest: Buffer = Buffer.from(text);
    let tries = 0;
    while (rest.length > 0) {
      try {
        const written = this.write_(this.fd, rest);
        rest = rest.subarray(written);
        if (written > 0) this.torn = true;
      } catch (error) {
        const again = (error as NodeJS.ErrnoException).code === 'EAGAIN' && tries++ < TRIES;
        if (!again) return false;
        Atomics.wait(clock, 0, 0, WAIT_MS);
      }
    }
    this.torn = false;
    return true;
  }
}

let heard = false;

/**
 * Keeps this process alive when its standard output or error cannot be written: what is lost there is lost. Calling it
 * again changes nothing.
 */
export function outliveOutput(): void {
  if (heard) return;
  heard = true;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => logLinesDropped.inc());
}
