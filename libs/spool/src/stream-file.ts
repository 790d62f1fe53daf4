import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read as readCallback, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stream } from '@drover/domain';
import type { Mask } from './mask.js';

const read = promisify(readCallback);

/** Up to this much is read without the thread pool: it has just been written, so it is in the page cache. */
const SYNC_READ = 64 * 1024;
const CATCH_UP = 256 * 1024;
/** Stands for a digest that cannot be made because bytes are gone: no content has it. */
export const UNKNOWN_SHA256 = '0'.repeat(64);
/** SHA-256 of nothing. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** So many bytes before the position tell whether the file is still the one that was read. */
const CONTINUITY = 64;

/**
 * One output file, read from an offset. Offsets are those of the stream; they are the file's own unless the job
 * truncated it (`echo x > /dev/stderr` opens the file anew and truncates it): what comes then continues the stream
 * where reading had come to. That it was truncated shows in its length or in other bytes before the position; what was
 * not read by then is lost.
 */
export class StreamFile {
  /** Next byte to read. */
  position = 0;
  /** Up to here the server has it. */
  stored = 0;
  /** When the file was last seen to be written, milliseconds of the epoch. */
  writtenAt = 0;
  private fd: number | undefined;
  /** Stream offset of the file's first byte. */
  private base = 0;
  private hash: Hash | undefined;
  private hashed = 0;
  /** The last bytes that were read, up to CONTINUITY. */
  private last: Buffer = Buffer.alloc(0);
  private checkedAt = 0;
  /** The bytes that the server wants are gone: the stream ends here, incomplete. */
  private broken = false;
  private whole = false;

  constructor(
    private readonly folder: string,
    readonly name: Stream,
    /** Texts that are not to be shown. The bytes that are read are masked; the file is not. */
    private readonly mask?: Mask,
  ) {}

  /** False: the file is not there (yet). */
  open(): boolean {
    try {
      this.fd ??= openSync(join(this.folder, this.name), 'r');
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  /** Bytes that can be read now. */
  unread(): number {
    if (this.fd === undefined || this.broken) return 0;
    const { size, mtimeMs } = fstatSync(this.fd);
    this.writtenAt = mtimeMs;
    if (this.base + size < this.position || (mtimeMs !== this.checkedAt && !this.continues())) {
      this.base = this.position;
      this.last = Buffer.alloc(0);
    }
    this.checkedAt = mtimeMs;
    return Math.max(0, this.base + size - this.heldBack(size) - this.position);
  }

  /** The job has ended: what is there is all, nothing is held back any more. */
  complete(): void {
    this.whole = true;
  }

  /** Reads the next bytes, at most `length`; moves on. */
  async read(length: number): Promise<{ offset: number; raw: Buffer }> {
    const offset = this.position;
    const { raw, last } = await this.bytesAt(offset - this.base, length);
    this.position = offset + raw.length;
    this.digest(offset, raw);
    if (raw.length > 0) this.last = Buffer.concat([this.last, last]).subarray(-CONTINUITY);
    return { offset, raw };
  }

  /** Goes on at an offset: where the server says its copy ends. */
  seek(offset: number): void {
    if (offset < this.base) this.broken = true;
    else this.position = offset;
    this.last = Buffer.alloc(0);
  }

  /** SHA-256 of all up to `position`; reads what has not gone through it yet. Empty when bytes are gone that it needs. */
  async sha256(): Promise<string> {
    const end = this.position;
    if (end === 0) return EMPTY_SHA256;
    if (this.broken || this.hashed > end || (this.hashed < end && this.hashed < this.base)) return UNKNOWN_SHA256;
    while (this.hashed < end) {
      const { raw } = await this.bytesAt(this.hashed - this.base, Math.min(CATCH_UP, end - this.hashed));
      if (raw.length === 0) return UNKNOWN_SHA256;
      this.digest(this.hashed, raw);
    }
    return this.hash?.copy().digest('hex') ?? UNKNOWN_SHA256;
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  /** Bytes of the file as they may be shown, and the last of them as they are. */
  private async bytesAt(from: number, length: number): Promise<{ raw: Buffer; last: Buffer }> {
    const before = Math.min(this.mask?.reach ?? 0, from);
    const wanted = before + length + (this.mask?.reach ?? 0);
    const buffer = Buffer.allocUnsafe(wanted);
    const got =
      wanted <= SYNC_READ
        ? readSync(this.file, buffer, 0, wanted, from - before)
        : (await read(this.file, buffer, 0, wanted, from - before)).bytesRead;
    const raw = buffer.subarray(before, Math.max(before, Math.min(got, before + length)));
    if (!this.mask) return { raw, last: raw.subarray(-CONTINUITY) };
    const last = Buffer.from(raw.subarray(-CONTINUITY));
    this.mask.apply(buffer.subarray(0, got));
    return { raw, last };
  }

  /** Bytes at the end that may become a masked value. Once they are shown, it would be too late. */
  private heldBack(size: number): number {
    if (!this.mask || this.whole) return 0;
    const end = Buffer.allocUnsafe(Math.min(this.mask.reach, size));
    return this.mask.pending(end.subarray(0, readSync(this.file, end, 0, end.length, size - end.length)));
  }

  /** The bytes before the position are still those that were read. */
  private continues(): boolean {
    const { length } = this.last;
    if (length === 0) return true;
    const found = Buffer.allocUnsafe(length);
    return (
      readSync(this.file, found, 0, length, this.position - this.base - length) === length && found.equals(this.last)
    );
  }

  /** Takes what continues the digest, ignores what it has had; what comes too early is caught up with at the end. */
  private digest(offset: number, bytes: Buffer): void {
    const skip = this.hashed - offset;
    if (skip < 0 || skip >= bytes.length) return;
    this.hash ??= createHash('sha256');
    this.hash.update(skip === 0 ? bytes : bytes.subarray(skip));
    this.hashed = offset + bytes.length;
  }

  private get file(): number {
    if (this.fd === undefined) throw new Error(`${this.name} of ${this.folder} is not open.`);
    return this.fd;
  }
}
