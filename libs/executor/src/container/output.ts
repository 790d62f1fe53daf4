import { closeSync, fstatSync, writeSync } from 'node:fs';
import type { Stream } from '@drover/domain';
import { openOutputs, type OutputFiles } from '../supervisor/spawn.js';

/** The two files of a container's output. What they hold already says from where an interrupted reading goes on. */
export class Output {
  readonly size: Record<Stream, number>;
  /** Monotonic, milliseconds. */
  grewAt = performance.now();

  private constructor(private readonly files: OutputFiles) {
    this.size = { stdout: fstatSync(files.stdout).size, stderr: fstatSync(files.stderr).size };
  }

  /** @throws the system's error, e.g. ENOSPC */
  static open(folder: string): Output {
    return new Output(openOutputs(folder));
  }

  get total(): number {
    return this.size.stdout + this.size.stderr;
  }

  /** @throws the system's error, e.g. ENOSPC */
  write(stream: Stream, bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      const n = writeSync(this.files[stream], bytes, written, bytes.length - written);
      written += n;
      this.size[stream] += n;
    }
    if (written > 0) this.grewAt = performance.now();
  }

  /** A sink for a log that begins at the job's first byte: what is in the files already is left out. */
  continuing(preambleBytes: number): (stream: Stream, bytes: Buffer) => void {
    const known: Record<Stream, number> = {
      stdout: this.size.stdout,
      stderr: Math.max(0, this.size.stderr - preambleBytes),
    };
    return (stream, bytes) => {
      const skip = Math.min(known[stream], bytes.length);
      known[stream] -= skip;
      if (skip < bytes.length) this.write(stream, bytes.subarray(skip));
    };
  }

  close(): void {
    closeSync(this.files.stdout);
    closeSync(this.files.stderr);
  }
}
