import { fit } from './body-schemas.js';
import {
  boolean,
  dictionary,
  integer,
  isObject,
  list,
  mapping,
  nullable,
  object,
  string,
  url,
  type Check,
  type Checked,
} from './check.js';

/** A job as it is submitted: fields of this dialect, converted; everything else as it came. */
export interface JobDocument extends Record<string, unknown> {
  job_queue: string;
  job_id?: string;
  name?: string;
  tags?: string[];
  job_priority?: number;
  exclude_agents?: string[];
  global_timeout?: number;
  output_timeout?: number;
  test_data?: Record<string, unknown>;
  reserve_data?: { ssh_keys?: string[]; timeout?: number };
}

const attachments = list(object({ agent: string(), device: string() }, { required: ['agent'], unknown: 'keep' }));

/** One text, or a list of commands. */
const commands: Check = (value) => (Array.isArray(value) ? list(string())(value) : string()(value));

const testData = object(
  {
    test_cmds: commands,
    attachments,
    test_username: string(),
    test_password: string(),
    secrets: dictionary(string({ pattern: /^[A-Za-z0-9_/-]+$/ }), string({ pattern: /^[A-Za-z_][A-Za-z0-9_]*$/ })),
  },
  { unknown: 'keep' },
);

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of a number, or of a text such as `1h30m`. */
const duration: Check = (value) => {
  const whole = integer({ min: 0 })(value);
  if (whole.ok || typeof value !== 'string') return whole;
  const text = value.trim().toLowerCase();
  if (!/^(\d+\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\s*)+$/.test(text))
    return { ok: false, faults: ['Not a valid duration; use e.g. 30s, 30m, 5h, 4d or 1h30m.'] };
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)\s*([a-z])[a-z]*/g))
    total += Number(amount) * (UNITS[unit as string] as number);
  return Number.isSafeInteger(total) ? { ok: true, value: total } : { ok: false, faults: ['Not a valid duration.'] };
};

const reserveData = object(
  { ssh_keys: list(string({ pattern: /^(lp|gh):\S+$/ })), timeout: duration },
  { unknown: 'refuse' },
);

const sound = (value: unknown): Checked => ({ ok: true, value });
const unsound: Checked = { ok: false, faults: ['Invalid provision data schema.'] };
const isUrl = (value: unknown): boolean => url()(value).ok;

/**
 * Only what cannot be provisioned in any way is refused: how a device is provisioned is between submitter and agent,
 * and new connectors bring new fields.
 */
const provisionData: Check = nullable((value): Checked => {
  if (!isObject(value)) return { ok: false, faults: { _schema: ['Invalid input type.'] } };
  if (value['attachments'] !== undefined) {
    const checked = attachments(value['attachments']);
    if (!checked.ok) return { ok: false, faults: { attachments: checked.faults } };
  }
  for (const key of ['url', 'alloem_url'])
    if (value[key] !== undefined && value[key] !== null && !isUrl(value[key])) return unsound;
  if (
    value['urls'] !== undefined &&
    !(Array.isArray(value['urls']) && value['urls'].length > 0 && value['urls'].every(isUrl))
  )
    return unsound;
  if (
    value['jobs'] !== undefined &&
    !(Array.isArray(value['jobs']) && value['jobs'].length > 0 && value['jobs'].every(isObject))
  )
    return unsound;
  if (value['url'] !== undefined && value['urls'] !== undefined) return unsound;
  const planned = value['provision_plan'] !== undefined;
  const preset =
    value['preset'] !== undefined &&
    value['robot_tasks'] === undefined &&
    value['live_image'] === undefined &&
    value['alloem_url'] === undefined;
  if (planned || preset) {
    const archives = Array.isArray(value['attachments']) ? value['attachments'].length : 0;
    const sources = [value['url'], value['urls']].filter((source) => source !== undefined).length;
    if (archives > 1 || (archives > 0 && sources > 0)) return unsound;
    if (planned && (!isObject(value['provision_plan']) || archives + sources === 0)) return unsound;
  }
  return sound(value);
});

const DOCUMENT = object(
  {
    job_queue: string({ min: 1 }),
    job_id: string(),
    parent_job_id: string(),
    name: string(),
    tags: list(string()),
    job_priority: integer(),
    exclude_agents: list(string()),
    global_timeout: integer(),
    output_timeout: integer(),
    allocation_timeout: integer(),
    job_status_webhook: string(),
    debug: boolean(),
    provision_data: provisionData,
    firmware_update_data: mapping(),
    test_data: testData,
    allocate_data: mapping(),
    reserve_data: reserveData,
  },
  { required: ['job_queue'], unknown: 'keep' },
);

/**
 * The document, and whether its archive of attachments is here already: an agent that gives a job back sends it as it
 * got it, with what the server had added. Throws 422.
 */
export function fitJob(body: unknown): { document: JobDocument; attached: boolean } {
  const { attachments_status, started_at: _, ...document } = fit<JobDocument>(DOCUMENT, body);
  return { document: document as JobDocument, attached: attachments_status === 'complete' };
}

/** Any `*_data` names attachments, be it an empty list. */
export function hasAttachments(document: Record<string, unknown>): boolean {
  return Object.entries(document).some(
    ([key, value]) => key.endsWith('_data') && isObject(value) && Object.hasOwn(value, 'attachments'),
  );
}
