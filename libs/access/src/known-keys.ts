import { createHmac, randomBytes } from 'node:crypto';

/** How long a key that was right needs no other check, and of how many clients. */
const KEPT_MS = 3_600_000;
const MOST = 10_000;

/**
 * Keys that were checked a short while ago: whoever comes again with one of them does not wait behind those who try.
 * The cache keeps a digest by a key of this process, bound to the hash in the record: a client with a new key, or
 * revoked, is not known any more.
 */
export class KnownKeys {
  private readonly secret = randomBytes(32);
  private readonly known = new Map<string, number>();

  has(id: string, hash: string, key: string): boolean {
    const until = this.known.get(this.digest(id, hash, key));
    return until !== undefined && until > Date.now();
  }

  add(id: string, hash: string, key: string): void {
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value as string);
    this.known.set(this.digest(id, hash, key), Date.now() + KEPT_MS);
  }

  private digest(id: string, hash: string, key: string): string {
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([id, hash, key]))
      .digest('base64');
  }
}
