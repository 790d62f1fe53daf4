import type { Stream } from '@drover/domain';

const HEADER = 8;
/** Type byte of a frame: 0 stdin (never sent), 1 stdout, 2 stderr. */
const STREAMS: Record<number, Stream> = { 0: 'stdout', 1: 'stdout', 2: 'stderr' };

/**
 * Takes an engine's multiplexed output apart: frames of one type byte, three zeros, a length (32 bits, big-endian) and
 * so many bytes. Bytes are handed on as they come, a frame's end is not waited for.
 */
export class Demuxer {
  private readonly header = Buffer.alloc(HEADER);
  private headerBytes = 0;
  private left = 0;
  private stream: Stream = 'stdout';

  constructor(private readonly sink: (stream: Stream, bytes: Buffer) => void) {}

  /** @throws when the bytes are no such frames (a container with a terminal) */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.left > 0) {
        const part = chunk.subarray(at, at + this.left);
        this.left -= part.length;
        at += part.length;
        this.sink(this.stream, part);
        continue;
      }
      const taken = chunk.copy(this.header, this.headerBytes, at, at + HEADER - this.headerBytes);
      this.headerBytes += taken;
      at += taken;
      if (this.headerBytes < HEADER) return;
      this.headerBytes = 0;
      const stream = STREAMS[this.header[0] ?? 255];
      if (stream === undefined) throw new Error('The container engine sent output that is not multiplexed.');
      this.stream = stream;
      this.left = this.header.readUInt32BE(4);
    }
  }
}
