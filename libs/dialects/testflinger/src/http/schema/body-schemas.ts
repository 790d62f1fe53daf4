import { PHASES } from '../../core/job-states.js';
import { nameable } from '../lab-answers.js';
import { validationError, type Faults } from '../lab-error.js';
import {
  boolean,
  dateTime,
  dictionary,
  email,
  integer,
  list,
  mapping,
  nullable,
  object,
  oneOf,
  string,
  url,
  type Check,
} from './check.js';

/** A body that fits, or 422. */
export function fit<T>(check: Check, body: unknown): T {
  const checked = check(body);
  if (checked.ok) return checked.value as T;
  throw validationError(
    Array.isArray(checked.faults) ? { _schema: ['Invalid input type.'] } : (checked.faults as Record<string, Faults>),
  );
}

const perPhase = (suffix: string, check: Check): Record<string, Check> =>
  Object.fromEntries(PHASES.map((phase) => [`${phase}_${suffix}`, check]));

/** Any word, as long as the record can hold it as one. */
const word: Check = (value) => {
  const checked = string()(value);
  return checked.ok && value !== '' && !nameable(value as string)
    ? { ok: false, faults: ['Not a valid string.'] }
    : checked;
};

/** Results of both generations of agents. */
export const RESULT = object(
  {
    job_state: word,
    status: object(Object.fromEntries(PHASES.map((phase) => [phase, integer()])), { unknown: 'refuse' }),
    device_info: mapping(),
    exit_code: integer(),
    output: string(),
    ...perPhase('status', integer()),
    ...perPhase('output', string()),
    ...perPhase('serial', string()),
  },
  { unknown: 'refuse' },
);

export interface FragmentBody {
  fragment_number: number;
  timestamp: Date;
  phase: string;
  log_data: string;
}
export const FRAGMENT = object(
  { fragment_number: integer(), timestamp: dateTime(), phase: oneOf(PHASES), log_data: string() },
  { required: ['fragment_number', 'timestamp', 'phase', 'log_data'], unknown: 'refuse' },
);

export const ACTION = object({ action: oneOf(['cancel']) }, { required: ['action'], unknown: 'refuse' });

/** Newer agents send fields of their own; they are dropped. */
export const AGENT_DATA = object(
  {
    state: string(),
    comment: string(),
    location: string(),
    provision_type: string(),
    identifier: string(),
    job_id: string(),
    queues: list(string()),
    log: list(string()),
  },
  { unknown: 'drop' },
);

export const QUEUES = dictionary(string(), string({ min: 1 }));
/** Image names are keys of documents upstream. */
export const IMAGES = dictionary(dictionary(string(), string({ pattern: /^(?!\$)[^.\0]+$/ })), string({ min: 1 }));

export interface ProvisionLogBody {
  job_id: string;
  exit_code: number;
  detail?: string;
}
export const PROVISION_LOG = object(
  { job_id: string(), exit_code: integer(), detail: string() },
  { required: ['job_id', 'exit_code'], unknown: 'refuse' },
);

export interface EventsBody extends Record<string, unknown> {
  job_status_webhook: string;
}
export const EVENTS = object(
  {
    job_status_webhook: url({ anyHost: true }),
    agent_id: string(),
    job_queue: string(),
    events: list(
      object(
        { event_name: string(), timestamp: string(), detail: nullable(string()) },
        { required: ['event_name', 'timestamp'], unknown: 'keep' },
      ),
    ),
  },
  { required: ['job_status_webhook'], unknown: 'keep' },
);

export const REFRESH_TOKEN = object(
  { refresh_token: string({ min: 1 }) },
  { required: ['refresh_token'], unknown: 'refuse' },
);

export const CLIENT_PERMISSIONS = object(
  {
    client_id: string(),
    client_secret: string({ min: 15 }),
    max_priority: dictionary(integer()),
    max_reservation_time: dictionary(integer()),
    allowed_queues: list(string()),
    role: oneOf(['admin', 'manager', 'contributor', 'agent']),
    email: email(),
    project: string({ min: 1 }),
    take_over: boolean(),
  },
  { unknown: 'refuse' },
);

export const QUEUE_OWNER = object({ client_id: string() }, { required: ['client_id'], unknown: 'refuse' });

export interface SecretBody {
  value: string;
  expire_after?: number | null;
  ephemeral?: boolean;
}
export const SECRET = object(
  { value: string({ min: 1 }), expire_after: nullable(integer({ min: 1 })), ephemeral: boolean() },
  { required: ['value'], unknown: 'refuse' },
);
