import type { JobDetail } from '../../api/types.js';

/** The fields of what was asked for; what happened to it since stands elsewhere. */
const SPEC_FIELDS = [
  'queue',
  'name',
  'command',
  'image',
  'workdir',
  'env',
  'stdin',
  'priority',
  'resources',
  'limits',
  'retry',
  'cron',
  'start_at',
  'expires_at',
  'depends_on',
  'artifacts',
  'webhooks',
  'tags',
  'metadata',
  'payload',
] as const satisfies readonly (keyof JobDetail)[];

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'object' && Object.values(value as object).every((one) => one === null || one === undefined));

/** The spec of a job, without the fields that were left out. */
export function specOf(job: JobDetail): Record<string, unknown> {
  return Object.fromEntries(SPEC_FIELDS.flatMap((field) => (isNothing(job[field]) ? [] : [[field, job[field]]])));
}

/** A field with a value of its own in each of two specs, as JSON. Null: it was left out. */
export interface Difference {
  /** Its path: `resources.memory_mb`. */
  field: string;
  before: string | null;
  after: string | null;
}

/** The fields that differ from one spec to the next, in the order of the later. Lists are compared as a whole. */
export function differencesOf(before: Record<string, unknown>, after: Record<string, unknown>): Difference[] {
  const [earlier, later] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...later.keys(), ...earlier.keys()])].flatMap((field) => {
    const one = { field, before: earlier.get(field) ?? null, after: later.get(field) ?? null };
    return one.before === one.after ? [] : [one];
  });
}

function leavesOf(value: Record<string, unknown>, path = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([name, one]): [string, string][] => {
      const place = path === '' ? name : `${path}.${name}`;
      if (one === null || one === undefined) return [];
      if (typeof one === 'object' && !Array.isArray(one)) return [...leavesOf(one as Record<string, unknown>, place)];
      return [[place, JSON.stringify(one)]];
    }),
  );
}
