import { v7 as uuidv7 } from 'uuid';
import {
  DEFAULT_PROJECT,
  needsOnlySlot,
  type FieldFault,
  type JobState,
  type Resources,
  type Submission,
} from '@drover/domain';
import { assertCron } from '@drover/schedule';
import { BLANK_JOB, type StoredJob } from '@drover/store';

/** Limits the core holds for every API. /api/v1/limits shows them. */
export const LIMITS = {
  queue_name_length: 200,
  name_length: 1_000,
  command_bytes: 1024 * 1024,
  stdin_bytes: 1024 * 1024,
  env_bytes: 512 * 1024,
  payload_bytes: 4 * 1024 * 1024,
  tags: 100,
  tag_length: 200,
  depends_on: 1_000,
  artifacts: 100,
  webhooks: 20,
  priority_min: -1_000_000,
  priority_max: 1_000_000,
  retry_max: 1_000,
  json_depth: 64,
  batch_jobs: 10_000,
} as const;

/** An index of names holds no longer ones: 1,000 characters may be 3,000 bytes. */
const NAME_BYTES = 2_500;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isUuid = (text: string): boolean => UUID.test(text);

/** Postgres text and jsonb hold no NUL, and JSON without a depth limit is a stack overflow for somebody. */
function findUnstorable(value: unknown, depth = 0): FieldFault | null {
  if (typeof value === 'string') return textFault(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return null;
  if (depth > LIMITS.json_depth)
    return { field: '', message: `is nested deeper than ${LIMITS.json_depth} levels; flatten it` };
  for (const key of Object.keys(value)) {
    const fault = textFault(key) ?? findUnstorable((value as Record<string, unknown>)[key], depth + 1);
    // The path is put together on the way back only: there is hardly ever a fault.
    if (fault) return { ...fault, field: fault.field === '' ? key : `${key}.${fault.field}` };
  }
  return null;
}

function textFault(text: string): FieldFault | null {
  if (text.includes('\u0000'))
    return { field: '', message: 'holds a NUL character, which cannot be stored; remove it' };
  return text.isWellFormed()
    ? null
    : { field: '', message: 'is not well-formed Unicode (a lone surrogate); send valid UTF-8' };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The faults of a submission by the core's own rules, whichever API asks. The APIs check more, and earlier. */
export function faultsOf(submission: Submission): FieldFault[] {
  const faults: FieldFault[] = [];
  const add = (field: string, message: string, value?: unknown): void => {
    faults.push(value === undefined ? { field, message } : { field, message, value });
  };
  if (submission.queue.length === 0) add('queue', 'must not be empty; name a queue, e.g. "default"');
  if (submission.queue.length > LIMITS.queue_name_length)
    add('queue', `is longer than ${LIMITS.queue_name_length} characters; shorten it`);
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(submission.queue)) add('queue', 'holds a control character; use printable ones');
  if ((submission.name?.length ?? 0) > LIMITS.name_length)
    add('name', `is longer than ${LIMITS.name_length} characters; shorten it`);
  else if (Buffer.byteLength(submission.name ?? '') > NAME_BYTES)
    add('name', `is longer than ${NAME_BYTES} bytes in UTF-8; shorten it`);
  const priority = submission.priority ?? 0;
  if (!Number.isInteger(priority) || priority < LIMITS.priority_min || priority > LIMITS.priority_max) {
    add('priority', `must be an integer from ${LIMITS.priority_min} to ${LIMITS.priority_max}`, priority);
  }
  if ((submission.tags?.length ?? 0) > LIMITS.tags) add('tags', `holds more than ${LIMITS.tags} tags; remove some`);
  if (submission.tags?.some((tag) => tag.length > LIMITS.tag_length))
    add('tags', `holds a tag longer than ${LIMITS.tag_length} characters; shorten it`);
  if ((submission.depends_on?.length ?? 0) > LIMITS.depends_on)
    add('depends_on', `holds more than ${LIMITS.depends_on} jobs; chain them`);
  for (const [index, id] of (submission.depends_on ?? []).entries()) {
    if (!isUuid(id)) add(`depends_on.${index}`, 'is not a job id (a UUID in lower case)', id);
  }
  if (submission.id !== undefined && !isUuid(submission.id)) add('id', 'is not a UUID in lower case', submission.id);
  for (const field of ['start_at', 'expires_at'] as const) {
    const value = submission[field];
    if (value && !(value.getTime() >= -62_135_596_800_000 && value.getTime() <= 253_402_300_799_000))
      add(field, 'is no date between the years 1 and 9999');
  }
  if (submission.cron) {
    if (submission.start_at) add('start_at', 'cannot stand beside cron; give one of them');
    if ((submission.depends_on?.length ?? 0) > 0) add('depends_on', 'cannot stand beside cron; give one of them');
    if (!isTimeZone(submission.cron.timezone))
      add(
        'cron.timezone',
        'is no IANA time zone; use a name such as "Europe/Lisbon" or "UTC"',
        submission.cron.timezone,
      );
    else
      try {
        assertCron(submission.cron);
      } catch (error) {
        add(
          'cron',
          `cannot be read: ${error instanceof Error ? error.message : String(error)}; use five fields, e.g. "*/5 * * * *", and an IANA time zone`,
          submission.cron.pattern,
        );
      }
  }
  const size = (value: unknown): number =>
    value === undefined || value === null ? 0 : Buffer.byteLength(JSON.stringify(value));
  if (size(submission.spec.command) > LIMITS.command_bytes)
    add('command', `is larger than ${LIMITS.command_bytes} bytes; put it into a script`);
  if (size(submission.spec.stdin) > LIMITS.stdin_bytes)
    add('stdin', `is larger than ${LIMITS.stdin_bytes} bytes; fetch it from the job instead`);
  if (size(submission.spec.env) > LIMITS.env_bytes)
    add('env', `is larger than ${LIMITS.env_bytes} bytes; put it into a file`);
  for (const key of Object.keys(submission.spec.env ?? {})) {
    if (key === '' || key.includes('='))
      add(`env.${key}`, 'is no name of an environment variable; it must be non-empty and without "="', key);
  }
  if (size(submission.payload) + size(submission.metadata) > LIMITS.payload_bytes)
    add('payload', `is (with metadata) larger than ${LIMITS.payload_bytes} bytes`);
  faults.push(...resourceFaults(submission.spec.resources));
  const unstorable = findUnstorable(submission);
  if (unstorable) faults.push({ ...unstorable, field: unstorable.field.replace(/^spec\./, '') });
  return faults;
}

const RESOURCE_LIMITS = {
  nodes: 1_000,
  tasks: 4_096,
  cpus_per_task: 65_536,
  gpus_per_task: 1_024,
  memory_mb: 2 ** 40,
} as const;

function resourceFaults(resources: Resources | undefined): FieldFault[] {
  if (!resources) return [];
  const faults: FieldFault[] = [];
  for (const [name, max] of Object.entries(RESOURCE_LIMITS) as [keyof typeof RESOURCE_LIMITS, number][]) {
    const value = resources[name];
    const min = name === 'gpus_per_task' || name === 'memory_mb' ? 0 : 1;
    if (value !== undefined && (!Number.isInteger(value) || value < min || value > max)) {
      faults.push({ field: `resources.${name}`, message: `must be a whole number from ${min} to ${max}`, value });
    }
  }
  return faults;
}

/** The row of a valid submission, as it is stored. `dependencies`: the present states of what it waits for. */
export function toNewJob(submission: Submission, dependencies: Map<string, JobState>, now: Date): StoredJob {
  const dependsOn = [...new Set(submission.depends_on ?? [])];
  const states = dependsOn.map((id) => dependencies.get(id));
  const pending = states.filter((state) => state !== 'succeeded').length;
  const failed = dependsOn.filter((_, index) => ['failed', 'cancelled', 'expired'].includes(states[index] ?? ''));
  const asked = submission.dispatch ?? 'ticket';
  const dispatch = asked === 'ticket' && !needsOnlySlot(submission.spec.resources) ? 'placed' : asked;
  const later = submission.start_at ? submission.start_at > now : false;
  const waits = later || pending > 0 || submission.cron != null;
  const state: JobState =
    failed.length > 0 ? 'failed' : waits ? 'scheduled' : dispatch === 'observed' ? 'running' : 'queued';
  return {
    ...BLANK_JOB,
    id: submission.id ?? uuidv7(),
    seq: '0',
    queue: submission.queue,
    name: submission.name ?? null,
    owner: submission.owner,
    project: submission.project ?? DEFAULT_PROJECT,
    dialect: submission.dialect,
    dispatch,
    spec: submission.spec,
    payload: submission.payload ?? {},
    tags: submission.tags ?? [],
    metadata: submission.metadata ?? {},
    priority: submission.priority ?? 0,
    state,
    cause: failed.length > 0 ? 'dependency_failed' : null,
    cause_detail:
      failed.length > 0
        ? `Job ${failed[0]}, on which it depends, ended as ${dependencies.get(failed[0] as string)}.`
        : null,
    claimed_by: submission.reported_by ?? null,
    updated_at: now,
    parent_id: submission.parent_id ?? null,
    depends_on: dependsOn,
    pending_dependencies: pending,
    held: submission.held ?? false,
    pinned: submission.pinned ?? false,
    cron: submission.cron ?? null,
    start_at: submission.start_at ?? null,
    expires_at: submission.expires_at ?? null,
    created_at: now,
    queued_at: state === 'queued' ? now : null,
    started_at: state === 'running' ? (submission.started_at ?? now) : null,
    finished_at: state === 'failed' ? now : null,
  };
}
