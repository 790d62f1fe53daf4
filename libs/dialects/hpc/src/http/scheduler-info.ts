import { hpcRefusal, isObject } from '@drover/dialects/v1-jobs';
import { optionalNumber, optionalText, optionalTime } from './body-fields.js';

/** Bytes of `extra` as JSON. */
const MOST_EXTRA = 64 * 1024;

/** The SchedulerInfo of a create: only what was given, checked. */
export function schedulerOf(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw hpcRefusal('invalid_request', 'scheduler must be an object');
  const type = optionalText(value, 'type');
  if (type !== undefined && type !== '' && type !== 'mock' && type !== 'slurm')
    throw hpcRefusal('validation_error', 'scheduler.type must be mock or slurm');
  const extra = value['extra'];
  if (extra !== undefined && extra !== null && !isObject(extra))
    throw hpcRefusal('invalid_request', 'scheduler.extra must be an object');
  if (extra && JSON.stringify(extra).length > MOST_EXTRA)
    throw hpcRefusal('validation_error', `scheduler.extra must be at most ${MOST_EXTRA} bytes`);
  const info: Record<string, unknown> = {
    type,
    external_job_id: optionalText(value, 'external_job_id'),
    raw_state: optionalText(value, 'raw_state'),
    submit_time: optionalTime(value, 'submit_time')?.toISOString(),
    partition: optionalText(value, 'partition'),
    account: optionalText(value, 'account'),
    qos: optionalText(value, 'qos'),
    priority: optionalNumber(value, 'priority', { whole: true }),
    exit_code: optionalNumber(value, 'exit_code', { whole: true, min: -(2 ** 31), max: 2 ** 31 - 1 }),
    state_reason: optionalText(value, 'state_reason', 4_000),
    time_limit_minutes: optionalNumber(value, 'time_limit_minutes', { whole: true }),
    extra: extra ?? undefined,
  };
  return Object.fromEntries(Object.entries(info).filter(([, field]) => field !== undefined && field !== ''));
}
