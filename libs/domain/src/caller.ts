/** The project of clients and objects that name none. */
export const DEFAULT_PROJECT = 'default';

/** Objects that somebody owns. */
const OWNED_KINDS = ['job', 'alarm', 'silence', 'profile', 'scrape target', 'queue', 'agent', 'client'] as const;

/** An object that somebody owns, as questions about rights name it. */
export interface Owned {
  kind: (typeof OWNED_KINDS)[number];
  id: string;
  project: string;
  /** The client that made it. */
  owner: string;
  /** The agent client to which a job was handed out over HTTP; null: to none, or to one of our own workers. */
  holder?: string | null;
}

/** Somebody who asks through one of the APIs, and the rights this gives over objects. libs/access makes them. */
export interface Caller {
  /** The client's id, or `anonymous`. */
  readonly name: string;
  readonly role: string;
  /** The address the request came from. Null: unknown. */
  readonly address: string | null;
  /** The project of what this caller makes. */
  readonly home: string;
  /** The only project whose objects lists, searches and counts may show. Null: all. */
  readonly scope: string | null;
  /** Whether this object exists as far as the caller is concerned. */
  mayRead(object: Owned): boolean;
  /** Whether its secrets (standard input, webhook tokens) may be shown as well. */
  mayReadSecrets(object: Owned): boolean;
  /** Whether it may be changed, ended, repeated and deleted. */
  mayControl(object: Owned): boolean;
}

/** Tells services on whose behalf they work. */
export interface Callers {
  /** The caller at this moment. Null: the system itself (schedulers, sweeps, what follows from a change). */
  now(): Caller | null;
  /** Does work that follows from a request but is not the caller's own: the rights of the caller do not count for it. */
  asSystem<T>(work: () => T): T;
}

/** The callers of programs and tests that serve no request: there are none. */
export const NO_CALLERS: Callers = { now: () => null, asSystem: (work) => work() };

/** The part of a caller that the audit trail names. */
export type Actor = Pick<Caller, 'name' | 'role' | 'address' | 'home'>;

/** The broker itself, where it ends something for a reason that people will ask about. No client can have this name. */
export const SYSTEM_ACTOR: Actor = { name: 'system', role: 'system', address: null, home: DEFAULT_PROJECT };

/** Objects whose changes are kept in the audit trail. */
export const AUDITED_KINDS = [...OWNED_KINDS, 'project', 'secret', 'key', 'counter', 'tree'] as const;

/** A change that somebody made through one of the APIs, as the audit trail keeps it. */
export interface AuditEntry {
  actor: string;
  role: string | null;
  address: string | null;
  /** A word for what was done, such as `job.cancel`. */
  action: string;
  kind: (typeof AUDITED_KINDS)[number];
  object_id: string;
  project: string;
  /** The object before and after the change, without secrets. Null: there was none, or nothing is known. */
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** The entry of a change; null for what the system does by itself. */
export function auditOf(
  caller: Actor | null,
  change: Pick<AuditEntry, 'action' | 'kind' | 'object_id'> & {
    project?: string;
    before?: Record<string, unknown> | null;
    after?: Record<string, unknown> | null;
  },
): AuditEntry | null {
  if (caller === null) return null;
  const { action, kind, object_id, project = caller.home, before = null, after = null } = change;
  return {
    actor: caller.name,
    role: caller.role,
    address: caller.address,
    action,
    kind,
    object_id,
    project,
    before,
    after,
  };
}
