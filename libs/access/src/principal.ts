import { can, type Ability, type Role } from './roles.js';

/** The limits of a client beside its role. */
export interface Permissions {
  client_id: string;
  role: Role;
  /** The project it is a member of. Operators and admins act in every project; what they make belongs to this one. */
  project: string;
  /** Highest priority by queue name, or `*`. Absent: 0. */
  max_priority: Record<string, number>;
  /** Restricted queues it may use; for an agent, when there are any: the only queues it may serve. */
  allowed_queues: string[];
  /** Longest reservation in seconds by queue name, or `*`. */
  max_reservation_time: Record<string, number>;
  email?: string;
}

/** The client that asks. Without a login `permissions` is null. */
export interface Principal {
  permissions: Permissions | null;
}

export const ANONYMOUS: Principal = { permissions: null };
/** Owner of jobs nobody logged in for. */
export const ANONYMOUS_OWNER = 'anonymous';

/**
 * Names that stand for what is no client: whoever had such a name would own what nobody logged in for, or pass for the
 * broker itself.
 */
const RESERVED: ReadonlySet<string> = new Set([ANONYMOUS_OWNER, 'system', 'nobody', 'drover']);
export const isReservedName = (name: string): boolean => RESERVED.has(name.normalize('NFKC').trim().toLowerCase());

export const ownerOf = (principal: Principal): string => principal.permissions?.client_id ?? ANONYMOUS_OWNER;

export const may = (principal: Principal, ability: Ability): boolean =>
  principal.permissions !== null && can(principal.permissions.role, ability);

/** Reservations up to this many seconds need no permission. */
export const FREE_RESERVATION_S = 21_600;

/** Highest priority this client may give a job of a queue. */
export function maxPriority({ max_priority }: Permissions, queue: string): number {
  return Math.max(max_priority['*'] ?? 0, own(max_priority, queue) ?? 0);
}

/** Longest reservation, in seconds, this client may ask for. */
export function maxReservation({ max_reservation_time }: Permissions, queue: string): number {
  return Math.max(FREE_RESERVATION_S, max_reservation_time['*'] ?? 0, own(max_reservation_time, queue) ?? 0);
}

/** An agent that names queues serves no others; one that names none serves all. */
export function mayServe({ allowed_queues }: Permissions, queue: string): boolean {
  return allowed_queues.length === 0 || allowed_queues.includes(queue);
}

const own = (values: Record<string, number>, key: string): number | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined;
