import { auditOf } from '@drover/domain';
import { auditStore, secretStore, type Store } from '@drover/store';
import { currentCaller } from './context.js';
import type { Sealer } from './keyring/sealer.js';

/** Secrets looked at in one statement. */
const PAGE = 200;
/** A year, seconds: what a secret lives unless somebody says otherwise. */
const DEFAULT_SECRET_S = 365 * 86_400;

/**
 * Secrets of clients, sealed with AES-256-GCM. Write-only for people: values leave only towards the agent that runs a
 * job of their owner.
 */
export class SecretsService {
  constructor(
    private readonly store: Store,
    private readonly sealer: Sealer,
  ) {}

  /** `expireAfterS` null: never. An ephemeral secret is gone after its first use. */
  async put(
    clientId: string,
    path: string,
    value: string,
    options: { expireAfterS?: number | null; ephemeral?: boolean } = {},
  ): Promise<{ expires_at: Date | null }> {
    const seconds = options.expireAfterS === undefined ? DEFAULT_SECRET_S : options.expireAfterS;
    const expires_at = seconds === null ? null : new Date(Math.min(Date.now() + seconds * 1000, 253_402_300_799_000));
    await this.store.tx(async (sql) => {
      await secretStore.put(sql, {
        client_id: clientId,
        path,
        sealed: this.sealer.seal(placeOf(clientId, path), value),
        ephemeral: options.ephemeral ?? false,
        expires_at,
      });
      await auditStore.insert(sql, [
        auditOf(currentCaller(), { action: 'secret.put', kind: 'secret', object_id: `${clientId}/${path}` }),
      ]);
    });
    return { expires_at };
  }

  async delete(clientId: string, path: string): Promise<void> {
    await this.store.tx(async (sql) => {
      await secretStore.delete(sql, clientId, path);
      await auditStore.insert(sql, [
        auditOf(currentCaller(), { action: 'secret.delete', kind: 'secret', object_id: `${clientId}/${path}` }),
      ]);
    });
  }

  /** Which of these paths this client has no secret under. */
  async missing(clientId: string, paths: string[]): Promise<string[]> {
    return secretStore.missing(this.store.sql, clientId, paths);
  }

  /**
   * The value for its use by a job; null when there is none (any more), it cannot be opened, or the job was made by an
   * earlier client of this name, which was revoked.
   */
  async use(clientId: string, path: string, jobMadeAt: Date): Promise<string | null> {
    const sealed = await secretStore.take(this.store.sql, clientId, path, jobMadeAt);
    return sealed && this.sealer.open(placeOf(clientId, path), sealed);
  }

  async forgetExpired(): Promise<void> {
    await secretStore.forgetExpired(this.store.sql);
  }

  /** Seals with the present key what earlier ones have sealed. */
  async renew(): Promise<void> {
    let last = { client_id: '', path: '' };
    for (;;) {
      const page = await secretStore.after(this.store.sql, last, PAGE);
      for (const secret of page) {
        const renewed = this.sealer.renew(placeOf(secret.client_id, secret.path), secret.sealed);
        if (renewed) await secretStore.reseal(this.store.sql, secret, renewed);
      }
      const end = page.at(-1);
      if (page.length < PAGE || !end) return;
      last = end;
    }
  }
}

/** Owner and path: a row copied to another owner cannot be opened. */
const placeOf = (clientId: string, path: string): string => JSON.stringify([clientId, path]);
