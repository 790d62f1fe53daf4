import type { Readable } from 'node:stream';

export interface BlobInfo {
  size: number;
  /** Hex. */
  sha256: string;
}

const KEY = /^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*$/;

/** Refuses a text that is no key: a backup names keys, too, and nobody knows who wrote it. */
export function demandKey(key: string): void {
  if (!KEY.test(key)) throw new Error(`not a blob key: ${key}`);
}

/** Large objects: artifacts, attachments. Keys are made by us (never by a client): lower-case letters, digits, `-`, `/`. */
export interface BlobStore {
  /** Streams to the end, then makes the object visible under `key` at once. A failure on the way leaves nothing behind. */
  put(key: string, body: Readable, options?: { maxBytes?: number }): Promise<BlobInfo>;
  /** Bytes `start` to `end` (inclusive), or all. Throws `not_found`. */
  get(key: string, range?: { start: number; end: number }): Promise<Readable>;
  delete(key: string): Promise<void>;
  /** Throws with the reason when it cannot be written to. */
  ping(): Promise<void>;
}
