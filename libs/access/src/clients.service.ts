import { DEFAULT_PROJECT, DroverError, invalid, type FieldFault } from '@drover/domain';
import { clientStore, type ClientRow, type ClientValues, type Sql, type Store } from '@drover/store';
import { ClientReader } from './client-reader.js';
import { hashKey, keyMatches, makeKey } from './keys.js';
import { KnownKeys } from './known-keys.js';
import { isReservedName, type Permissions } from './principal.js';
import { roleOf, type Role } from './roles.js';

/** A client without its key. */
export interface Client extends Permissions {
  created_at: Date;
  updated_at: Date;
  revoked_at: Date | null;
  /** Counts new keys, revocations and new beginnings: tokens carry it, and those of another one are no good. */
  token_generation: number;
}

/** A change of a client, as it is told within its transaction. Nothing of a key is in it but whether it is a new one. */
export interface ClientChanged {
  /** take-over: a client under the name of a revoked one, with all that one owned. */
  action: 'create' | 'change' | 'revoke' | 'take-over';
  client_id: string;
  before: Client | null;
  after: Client | null;
  new_key: boolean;
}

/** The parts of the broker that are told when a client changes. */
export interface ClientHooks {
  /** Runs within the transaction: an error here undoes the change. */
  record?: (sql: Sql, change: ClientChanged) => Promise<void>;
  /** Afterwards. */
  ring?: (clientId: string) => void;
}

/** The fields of a client that may be set. An absent one stays as it is, and is empty for a new client. */
export interface ClientChange {
  key?: string;
  role?: Role;
  /** The project it is a member of. */
  project?: string;
  max_priority?: Record<string, number>;
  allowed_queues?: string[];
  max_reservation_time?: Record<string, number>;
  email?: string | null;
}

export interface PutOptions {
  /** Sees what is there (null: a new client) and may throw. */
  check?: (before: Client | null) => void;
  mustBeNew?: boolean;
  /** The name may be that of a revoked client: the new one then owns what that one owned. */
  takeOver?: boolean;
}

const MIN_KEY_LENGTH = 15;

/** Clients of the API: who they are and what they are allowed. */
export class ClientsService {
  private readonly reader: ClientReader;

  /** Keys that were right a short while ago. */
  private readonly known = new KnownKeys();

  constructor(
    private readonly store: Store,
    private readonly hooks: ClientHooks = {},
  ) {
    this.reader = new ClientReader(store);
  }

  async list(options: { revoked?: boolean } = {}): Promise<Client[]> {
    return (await clientStore.list(this.store.sql, { revoked: options.revoked ?? false })).map(toClient);
  }

  /** Null: unknown, or revoked. */
  async get(id: string): Promise<Client | null> {
    const row = storable(id) ? await clientStore.get(this.store.sql, id) : null;
    return row && row.revoked_at === null ? toClient(row) : null;
  }

  /** A new client with a key that is shown this once. Throws `conflict` when the id is taken, `invalid`. */
  async create(
    id: string,
    change: ClientChange & { role: Role },
    options: Pick<PutOptions, 'takeOver'> = {},
  ): Promise<{ client: Client; key: string }> {
    const key = change.key ?? makeKey();
    const { client, created } = await this.put(id, { ...change, key }, { ...options, mustBeNew: true });
    if (!created) throw new DroverError('conflict', `There is a client ${id} already.`);
    return { client, key };
  }

  /**
   * Makes a client or changes what is named of one. Throws `conflict` for the name of a revoked client, unless it is
   * taken over. `check` sees what is there (null: a new client) and may throw. Throws `invalid`, also for a new client
   * without a key.
   */
  async put(id: string, change: ClientChange, options: PutOptions = {}): Promise<{ client: Client; created: boolean }> {
    const faults = faultsOf(id, change);
    if (faults.length > 0) throw invalid(faults);
    const keyHash = change.key === undefined ? undefined : await hashKey(change.key);
    const result = await this.store.tx(async (sql) => {
      await clientStore.hold(sql, id);
      const row = await clientStore.get(sql, id, { lock: true });
      const before = row && row.revoked_at === null ? row : null;
      const former = row && row.revoked_at !== null ? row : null;
      options.check?.(before && toClient(before));
      if (before && options.mustBeNew) throw new DroverError('conflict', `There is a client ${id} already.`);
      if (former && !options.takeOver) throw nameOfRevoked(id, former.revoked_at as Date);
      if (!before && keyHash === undefined)
        throw invalid([{ field: 'client_secret', message: 'is needed for a new client' }]);
      const values: ClientValues = {
        id,
        role: change.role ?? before?.role ?? 'submitter',
        project: change.project ?? before?.project ?? DEFAULT_PROJECT,
        key_hash: keyHash ?? before?.key_hash ?? null,
        max_priority: change.max_priority ?? before?.max_priority ?? {},
        allowed_queues: change.allowed_queues ?? before?.allowed_queues ?? [],
        max_reservation_time: change.max_reservation_time ?? before?.max_reservation_time ?? {},
        email: change.email === undefined ? (before?.email ?? null) : change.email,
      };
      const client = toClient(await clientStore.put(sql, values));
      const told = { client_id: id, before: before && toClient(before), after: client, new_key: keyHash !== undefined };
      await this.hooks.record?.(sql, { action: before ? 'change' : former ? 'take-over' : 'create', ...told });
      return { client, created: before === null };
    });
    this.hooks.ring?.(id);
    return result;
  }

  /**
   * Its key, refresh tokens and secrets are gone; tokens issued before are refused. What waits of its jobs is cancelled
   * soon after; what runs is let finish, unless `endJobs`. Throws `not_found`.
   */
  async revoke(id: string, { endJobs = false }: { endJobs?: boolean } = {}): Promise<void> {
    const done =
      storable(id) &&
      (await this.store.tx(async (sql) => {
        const row = await clientStore.get(sql, id, { lock: true });
        if (!(await clientStore.revoke(sql, id, { endJobs }))) return false;
        await this.hooks.record?.(sql, {
          action: 'revoke',
          client_id: id,
          before: row && toClient(row),
          after: null,
          new_key: false,
        });
        return true;
      }));
    if (!done) throw new DroverError('not_found', `There is no client ${id.slice(0, 200)}.`);
    this.hooks.ring?.(id);
  }

  /**
   * Null: unknown client, wrong key, revoked, or a client without a key. The rule of logins: all are looked up
   * together, with one statement at a time; a key that was right a short while ago needs nothing more and meets no
   * limit, whoever else tries the same name or comes from the same address; every other key waits in the line before
   * its check (LoginLine). Throws `rate_limited` when that line is full.
   */
  async login(id: string, key: string, address: string): Promise<Client | null> {
    if (!storable(id)) return null;
    const row = await this.reader.read(id);
    const usable = row && row.revoked_at === null ? row : null;
    const hash = usable?.key_hash ?? null;
    if (usable && hash !== null && this.known.has(id, hash, key)) return toClient(usable);
    // All names of nobody have one place in the line between them: with ever new ones a guesser would have as many.
    if (
      !(await keyMatches(hash, key, { client: usable ? `client ${id}` : 'nobody', address })) ||
      !usable ||
      hash === null
    )
      return null;
    this.known.add(id, hash, key);
    return toClient(usable);
  }

  /**
   * Says what a token for this client is worth now. `generation`: as the token says it, undefined when it was made
   * elsewhere; `issuedAt`: in seconds. `unknown`: there never was such a client here. The answer is as fresh as the
   * question.
   */
  async standing(
    id: string,
    token: { generation: number | undefined; issuedAt: number },
  ): Promise<Client | 'unknown' | 'ended'> {
    const row = storable(id) ? await this.reader.read(id) : null;
    // A token of ours has a client of ours.
    if (!row) return token.generation === undefined ? 'unknown' : 'ended';
    const good =
      token.generation === undefined
        ? row.tokens_since === null || token.issuedAt * 1000 > row.tokens_since.getTime()
        : token.generation === row.token_generation;
    return row.revoked_at === null && good ? toClient(row) : 'ended';
  }
}

/** Objects know their owner by name: a new client of that name would be their owner. */
const nameOfRevoked = (id: string, at: Date): DroverError =>
  new DroverError(
    'conflict',
    `The client ${id} was revoked at ${at.toISOString()}, and what it owned still bears its name. Choose another name; or, to give the new client all that is left of ` +
      'the old one, an admin takes the name over (`drover clients create --take-over`, or "take_over": true).',
    { client_id: id, revoked_at: at.toISOString() },
  );

export function toClient(row: ClientRow): Client {
  return {
    client_id: row.id,
    role: roleOf(row.role) ?? 'viewer',
    project: row.project,
    max_priority: row.max_priority,
    allowed_queues: row.allowed_queues,
    max_reservation_time: row.max_reservation_time,
    ...(row.email === null ? {} : { email: row.email }),
    created_at: row.created_at,
    updated_at: row.updated_at,
    revoked_at: row.revoked_at,
    token_generation: row.token_generation,
  };
}

/** Names of projects. */
const PROJECT = /^[A-Za-z0-9][\w.-]{0,62}$/;
/** Ids stand in Basic credentials and in paths. */
const ID = /^[^\s:/\p{Cc}]{1,200}$/u;
const storable = (text: string): boolean => text.length <= 1_000 && !text.includes('\u0000') && text.isWellFormed();

function faultsOf(id: string, change: ClientChange): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!ID.test(id))
    faults.push({
      field: 'client_id',
      message: 'must have 1 to 200 characters, without spaces, ":" or "/"',
      value: id,
    });
  if (isReservedName(id))
    faults.push({ field: 'client_id', message: 'is a name that stands for no client; choose another one', value: id });
  if (change.key !== undefined && change.key.length < MIN_KEY_LENGTH)
    faults.push({ field: 'client_secret', message: `must have at least ${MIN_KEY_LENGTH} characters` });
  if (change.project !== undefined && !PROJECT.test(change.project)) {
    faults.push({
      field: 'project',
      message: 'must be a project name of 1 to 63 letters, digits, ".", "_" and "-"',
      value: change.project,
    });
  }
  for (const field of ['max_priority', 'max_reservation_time'] as const) {
    for (const [queue, value] of Object.entries(change[field] ?? {})) {
      if (!Number.isInteger(value) || !storable(queue))
        faults.push({ field: `${field}.${queue}`, message: 'must be a whole number', value });
    }
  }
  if (change.allowed_queues?.some((queue) => !storable(queue) || queue === ''))
    faults.push({ field: 'allowed_queues', message: 'must be a list of queue names' });
  return faults;
}
