/** The roles of clients, from the fewest rights to the most; `agent` stands beside the line (see `can`). */
export const ROLES = ['viewer', 'submitter', 'agent', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Kinds of requests. read: look; submit: jobs in, cancel, retry; agent: what runs jobs says; operate: queues, agents,
 * settings; admin: clients and tokens.
 */
export const ABILITIES = ['read', 'submit', 'agent', 'operate', 'admin'] as const;
export type Ability = (typeof ABILITIES)[number];

const ABILITIES_OF: Record<Role, readonly Ability[]> = {
  viewer: ['read'],
  submitter: ['read', 'submit'],
  // An agent needs nothing of what people do; a stolen agent token shows no jobs but those it is given.
  agent: ['agent'],
  operator: ['read', 'submit', 'operate'],
  admin: ['read', 'submit', 'operate', 'admin'],
};

export const abilitiesOf = (role: Role): readonly Ability[] => ABILITIES_OF[role];
export const can = (role: Role, ability: Ability): boolean => ABILITIES_OF[role].includes(ability);

/** Roles that act on the objects of every project. */
export const isAcross = (role: Role): boolean => role === 'operator' || role === 'admin';

/** The rank of each role: nobody edits or makes a client above their own. */
const RANK: Record<Role, number> = { viewer: 0, agent: 0, submitter: 1, operator: 2, admin: 3 };
export const atLeast = (role: Role, other: Role): boolean => RANK[role] >= RANK[other];

/** Testflinger's names of the same things, as they stand in its tokens. */
const LAB_NAMES: Record<Role, string> = {
  viewer: 'viewer',
  submitter: 'contributor',
  agent: 'agent',
  operator: 'manager',
  admin: 'admin',
};
export const labName = (role: Role): string => LAB_NAMES[role];

/** A role by either name; null for anything else. */
export function roleOf(text: unknown): Role | null {
  return ROLES.find((role) => role === text || LAB_NAMES[role] === text) ?? null;
}
