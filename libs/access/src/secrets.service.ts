import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { secretStore, type Store } from '@drover/store';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** A year, seconds: what a secret lives unless somebody says otherwise. */
export const DEFAULT_SECRET_S = 365 * 86_400;

/** Secrets of clients, sealed with AES-256-GCM. Write-only for people: values leave only towards the agent that runs a job of their owner. */
export class SecretsService {
  constructor(
    private readonly store: Store,
    /** 32 bytes. */
    private readonly key: Buffer,
  ) {}

  /** `expireAfterS` null: never. An ephemeral secret is gone after its first use. */
  async put(clientId: string, path: string, value: string, options: { expireAfterS?: number | null; ephemeral?: boolean } = {}): Promise<{ expires_at: Date | null }> {
    const seconds = options.expireAfterS === undefined ? DEFAULT_SECRET_S : options.expireAfterS;
    const expires_at = seconds === null ? null : new Date(Math.min(Date.now() + seconds * 1000, 253_402_300_799_000));
    await secretStore.put(this.store.sql, { client_id: clientId, path, sealed: this.seal(clientId, path, value), ephemeral: options.ephemeral ?? false, expires_at });
    return { expires_at };
  }

  async delete(clientId: string, path: string): Promise<void> {
    await secretStore.delete(this.store.sql, clientId, path);
  }

  /** Which of these paths this client has no secret under. */
  async missing(clientId: string, paths: string[]): Promise<string[]> {
    return secretStore.missing(this.store.sql, clientId, paths);
  }

  /** The value for its use; null when there is none (any more), or it cannot be opened. */
  async use(clientId: string, path: string): Promise<string | null> {
    const sealed = await secretStore.take(this.store.sql, clientId, path);
    return sealed && this.open(clientId, path, sealed);
  }

  async forgetExpired(): Promise<void> {
    await secretStore.forgetExpired(this.store.sql);
  }

  /** iv, ciphertext, tag. Owner and path are authenticated, too: a row copied to another owner cannot be opened. */
  private seal(clientId: string, path: string, value: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(placeOf(clientId, path));
    return Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  private open(clientId: string, path: string, sealed: Buffer): string | null {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(placeOf(clientId, path)).setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES)), decipher.final()]).toString();
    } catch {
      return null;
    }
  }
}

const placeOf = (clientId: string, path: string): Buffer => Buffer.from(JSON.stringify([clientId, path]));
