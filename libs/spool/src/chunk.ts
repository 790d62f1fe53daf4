import type { Stream } from '@drover/domain';

/** A chunk as it goes on the wire. */
export interface TailChunk {
  stream: Stream;
  offset: number;
  /** Raw bytes. */
  length: number;
  /** One count over both streams of an execution. */
  sequence: number;
  /** ISO; when the bytes were seen. */
  at: string;
  /** Newlines among the raw bytes. */
  lines: number;
  /** The last raw byte is not a newline. */
  open: boolean;
  /** One gzip member. */
  data: Buffer;
}

/**
 * Takes a chunk; answers how much of its stream the server holds now. Retries by itself; rejects only when the
 * execution is over for us.
 */
export type ChunkSink = (chunk: TailChunk) => Promise<{ stored: number }>;

/** Where a restarted daemon goes on. */
export interface TailProgress {
  stdout: number;
  stderr: number;
  sequence: number;
  /** ISO. */
  first_byte_at: string | null;
}

/** The facts of both streams in the report of the end. */
export interface TailEnd {
  stdout: { bytes: number; sha256: string };
  stderr: { bytes: number; sha256: string };
  first_byte_at: string | null;
}
