import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { deflateRawSync, gzip } from 'node:zlib';
import tar from 'tar-stream';
import { DroverError } from '@drover/domain';
import { PIECE_BYTES, pieceName } from './format.js';

const pack = promisify(gzip);

/** So much of a piece is compressed to learn whether it is worth while. */
const TASTE_BYTES = 32 * 1024;
/** Compression that saves less than a tenth is left out: output of jobs and most artifacts are compressed already. */
const WORTH_WHILE = 0.9;
/** The least effort: rows shrink to a fifth by it, and more effort gains little. */
const LEVEL = 1;

/** Writes a tar archive as a stream: no more than a few pieces of it are in memory. */
export class ArchiveWriter {
  private readonly archive = tar.pack();
  private readonly hash = createHash('sha256');
  private readonly written: Promise<void>;
  /** Bytes of the members so far. */
  bytes = 0;

  constructor(
    out: Writable,
    private readonly at: Date,
  ) {
    this.written = pipeline(this.archive, out).catch((error: unknown) => {
      throw outputFault(error);
    });
    // Whoever writes next hears of it.
    this.written.catch(() => undefined);
  }

  /** Adds a member. Resolves when the output has taken it. */
  async member(name: string, data: Buffer): Promise<void> {
    this.hash.update(`${name}\n${data.length}\n`).update(data);
    this.bytes += data.length;
    await this.add(name, data);
  }

  /**
   * Adds bytes whose number is not known before, as pieces. Gives it afterwards, with their digest. Nothing at all is
   * one empty piece.
   */
  async pieces(
    kind: 'record' | 'objects',
    name: string,
    source: AsyncIterable<Buffer>,
    onBytes: (bytes: number) => void = () => undefined,
  ): Promise<{ bytes: number; sha256: string }> {
    const hash = createHash('sha256');
    let [bytes, number] = [0, 0];
    for await (const piece of cut(source)) {
      hash.update(piece);
      bytes += piece.length;
      const isPacked = isWorthWhile(piece);
      number += 1;
      await this.member(
        pieceName(kind, name, number, isPacked),
        isPacked ? await pack(piece, { level: LEVEL }) : piece,
      );
      onBytes(piece.length);
    }
    return { bytes, sha256: hash.digest('hex') };
  }

  /** Adds the last member, which is told the digest of all others, and waits until the output has everything. */
  async end(name: string, describe: (sha256: string) => object): Promise<void> {
    await this.add(name, Buffer.from(`${JSON.stringify(describe(this.hash.digest('hex')), null, 2)}\n`));
    this.archive.finalize();
    await this.written;
  }

  /** Ends the writing where it stands; the output is ended, too. */
  async abort(): Promise<void> {
    this.archive.destroy();
    await this.written.catch(() => undefined);
  }

  private async add(name: string, data: Buffer): Promise<void> {
    const added = new Promise<void>((resolve, reject) => {
      const entry = this.archive.entry({ name, mode: 0o600, mtime: this.at }, data, (error) =>
        error ? reject(error) : resolve(),
      );
      // An output that fails ends the entry by an error of its own, too.
      entry.on('error', reject);
    });
    added.catch(() => undefined);
    // An output that fails takes the archive along: its own reason is the better one.
    await Promise.race([added, this.written]).catch(async (error: unknown) => {
      await this.written;
      throw error;
    });
  }
}

/** The same bytes in pieces of one size; the last one has the rest. */
async function* cut(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  let any = false;
  for await (const chunk of source) {
    let rest = chunk;
    while (size + rest.length >= PIECE_BYTES) {
      const room = PIECE_BYTES - size;
      yield Buffer.concat([...parts, rest.subarray(0, room)]);
      any = true;
      rest = rest.subarray(room);
      parts = [];
      size = 0;
    }
    if (rest.length === 0) continue;
    parts.push(rest);
    size += rest.length;
  }
  if (size > 0 || !any) yield Buffer.concat(parts);
}

function isWorthWhile(piece: Buffer): boolean {
  if (piece.length < 512) return false;
  const at = Math.max(0, Math.floor((piece.length - TASTE_BYTES) / 2));
  const taste = piece.subarray(at, at + TASTE_BYTES);
  return deflateRawSync(taste, { level: 1 }).length < taste.length * WORTH_WHILE;
}

/** The fault that keeps a backup from being written, with the remedy. */
function outputFault(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  // Whoever ended the output has said why.
  if (code === undefined) return error;
  const remedies: Record<string, string> = {
    ENOSPC: 'there is no room left on its disk: free some, or write elsewhere',
    EDQUOT: 'the quota of its disk is used up: free some, or write elsewhere',
    EFBIG: 'it is larger than a file may be there: write elsewhere',
    EPIPE: 'nobody reads it any more',
  };
  return new DroverError('unavailable', `The backup cannot be written (${code}): ${remedies[code] ?? message}.`);
}
