import { DroverError, invalid, type FieldFault } from '@drover/domain';
import { clientStore, type ClientRow, type ClientValues, type Store } from '@drover/store';
import { hashKey, keyMatches, makeKey } from './keys.js';
import type { Permissions } from './principal.js';
import { roleOf, type Role } from './roles.js';

/** A client without its key. */
export interface Client extends Permissions {
  created_at: Date;
  updated_at: Date;
  revoked_at: Date | null;
}

/** What may be set; absent: stays as it is (for a new client: nothing). */
export interface ClientChange {
  key?: string;
  role?: Role;
  max_priority?: Record<string, number>;
  allowed_queues?: string[];
  max_reservation_time?: Record<string, number>;
  email?: string | null;
}

export const MIN_KEY_LENGTH = 15;
/** How long a revocation may take to be seen by this process. */
const REVOKED_CACHE_MS = 2_000;

/** Clients of the API: who they are and what they are allowed. */
export class ClientsService {
  private readonly revoked = new Map<string, { revoked: boolean; until: number }>();

  constructor(private readonly store: Store) {}

  async list(options: { revoked?: boolean } = {}): Promise<Client[]> {
    return (await clientStore.list(this.store.sql, { revoked: options.revoked ?? false })).map(toClient);
  }

  /** Null: unknown, or revoked. */
  async get(id: string): Promise<Client | null> {
    const row = storable(id) ? await clientStore.get(this.store.sql, id) : null;
    return row && row.revoked_at === null ? toClient(row) : null;
  }

  /** A new client with a key that is shown this once. Throws `conflict` when the id is taken, `invalid`. */
  async create(id: string, change: ClientChange & { role: Role }): Promise<{ client: Client; key: string }> {
    const key = change.key ?? makeKey();
    const { client, created } = await this.put(id, { ...change, key }, { mustBeNew: true });
    if (!created) throw new DroverError('conflict', `There is a client ${id} already.`);
    return { client, key };
  }

  /**
   * Makes a client or changes what is named of one. `check` sees what is there (null: a new client) and may throw. Throws `invalid`, also for a new client without a key.
   */
  async put(id: string, change: ClientChange, options: { check?: (before: Client | null) => void; mustBeNew?: boolean } = {}): Promise<{ client: Client; created: boolean }> {
    const faults = faultsOf(id, change);
    if (faults.length > 0) throw invalid(faults);
    const keyHash = change.key === undefined ? undefined : await hashKey(change.key);
    const result = await this.store.tx(async (sql) => {
      const row = await clientStore.get(sql, id, 'FOR UPDATE');
      const before = row && row.revoked_at === null ? row : null;
      options.check?.(before && toClient(before));
      if (before && options.mustBeNew) throw new DroverError('conflict', `There is a client ${id} already.`);
      if (!before && keyHash === undefined) throw invalid([{ field: 'client_secret', message: 'is needed for a new client' }]);
      const values: ClientValues = {
        id,
        role: change.role ?? before?.role ?? 'submitter',
        key_hash: keyHash ?? before?.key_hash ?? null,
        max_priority: change.max_priority ?? before?.max_priority ?? {},
        allowed_queues: change.allowed_queues ?? before?.allowed_queues ?? [],
        max_reservation_time: change.max_reservation_time ?? before?.max_reservation_time ?? {},
        email: change.email === undefined ? (before?.email ?? null) : change.email,
      };
      return { client: toClient(await clientStore.put(sql, values)), created: before === null };
    });
    this.revoked.delete(id);
    return result;
  }

  /** Its key, refresh tokens and secrets are gone; tokens issued before are refused. Throws `not_found`. */
  async revoke(id: string): Promise<void> {
    const done = storable(id) && (await this.store.tx((sql) => clientStore.revoke(sql, id)));
    if (!done) throw new DroverError('not_found', `There is no client ${id.slice(0, 200)}.`);
    this.revoked.delete(id);
  }

  /** Null: unknown client, wrong key, revoked, or a client without a key. */
  async login(id: string, key: string): Promise<Client | null> {
    const row = storable(id) ? await clientStore.get(this.store.sql, id) : null;
    const usable = row && row.revoked_at === null ? row : null;
    return (await keyMatches(usable?.key_hash ?? null, key)) && usable ? toClient(usable) : null;
  }

  /** Tokens of this client are no good any more. A client that never existed here may hold a token that was made elsewhere with the same key. */
  async isRevoked(id: string): Promise<boolean> {
    const known = this.revoked.get(id);
    if (known && known.until > Date.now()) return known.revoked;
    const row = storable(id) ? await clientStore.get(this.store.sql, id) : null;
    const revoked = row?.revoked_at != null;
    if (this.revoked.size > 10_000) this.revoked.clear();
    this.revoked.set(id, { revoked, until: Date.now() + REVOKED_CACHE_MS });
    return revoked;
  }
}

function toClient(row: ClientRow): Client {
  return {
    client_id: row.id,
    role: roleOf(row.role) ?? 'viewer',
    max_priority: row.max_priority,
    allowed_queues: row.allowed_queues,
    max_reservation_time: row.max_reservation_time,
    ...(row.email === null ? {} : { email: row.email }),
    created_at: row.created_at,
    updated_at: row.updated_at,
    revoked_at: row.revoked_at,
  };
}

/** Ids stand in Basic credentials and in paths. */
const ID = /^[^\s:/\p{Cc}]{1,200}$/u;
const storable = (text: string): boolean => text.length <= 1_000 && !text.includes('\u0000') && text.isWellFormed();

function faultsOf(id: string, change: ClientChange): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!ID.test(id)) faults.push({ field: 'client_id', message: 'must have 1 to 200 characters, without spaces, ":" or "/"', value: id });
  if (change.key !== undefined && change.key.length < MIN_KEY_LENGTH) faults.push({ field: 'client_secret', message: `must have at least ${MIN_KEY_LENGTH} characters` });
  for (const field of ['max_priority', 'max_reservation_time'] as const) {
    for (const [queue, value] of Object.entries(change[field] ?? {})) {
      if (!Number.isInteger(value) || !storable(queue)) faults.push({ field: `${field}.${queue}`, message: 'must be a whole number', value });
    }
  }
  if (change.allowed_queues?.some((queue) => !storable(queue) || queue === '')) faults.push({ field: 'allowed_queues', message: 'must be a list of queue names' });
  return faults;
}
