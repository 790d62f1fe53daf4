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
