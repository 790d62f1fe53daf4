import { labName, ROLES } from '@drover/access';
import { shapes, type Schema } from '@drover/http';
import { SEARCH_STATES } from '../../core/job-states.js';

const { anyObject, eitherOf, fields, flag, listOf, mapOf, moment, number, orNull, text, whole, words } = shapes;

const ROLE_NAMES = ROLES.map(labName);

const open = (schema: Schema): Schema => ({ ...schema, additionalProperties: true });

/** Schemas of the Testflinger API. */
export const LAB_SCHEMAS: Record<string, Schema> = {
  LabError: fields({
    message: eitherOf(text('The reason'), anyObject('The fields of a query at fault')),
    detail: anyObject('The fields at fault, and what is wrong with each'),
  }),
  LabJob: open(
    fields({
      job_queue: text('The queue'),
      'job_id?': text('Chosen by the submitter'),
      'name?': text(),
      'tags?': listOf(text()),
      'job_priority?': whole('Higher ones are taken first'),
      'exclude_agents?': listOf(text()),
      'global_timeout?': whole('Seconds'),
      'output_timeout?': whole('Seconds without output'),
      'job_status_webhook?': text('The URL that is told of events'),
      'provision_data?': orNull(anyObject()),
      'test_data?': anyObject('`test_cmds`: what a worker of Drover runs'),
      'reserve_data?': anyObject(),
      'started_at?': moment('When the agent took it'),
      'attachments_status?': text(),
    }),
  ),
  LabJobId: fields({ job_id: text() }),
  LabListedJob: fields({
    job_id: text(),
    created_at: moment(),
    job_state: words(SEARCH_STATES.filter((state) => state !== 'active')),
    'job_queue?': text(),
  }),
  LabResult: open(
    fields({
      'job_state?': text(),
      'status?': anyObject('Exit codes by phase'),
      'output?': anyObject('Output by phase'),
      'serial?': anyObject('Serial output by phase'),
      'device_info?': anyObject(),
    }),
  ),
  LabFragment: fields({
    fragment_number: whole('Counts from 0 over the whole job, per type'),
    timestamp: moment(),
    phase: text(),
    log_data: text(),
  }),
  LabLog: mapOf(
    mapOf(fields({ last_fragment_number: whole(), log_data: text() }), 'Texts by phase'),
    '`output` or `serial`',
  ),
  LabAgent: open(
    fields({
      name: text(),
      updated_at: moment(),
      'state?': text(),
      'queues?': listOf(text()),
      'location?': text(),
      'provision_type?': text(),
      'comment?': text(),
      'job_id?': text(),
      restricted_to: mapOf(listOf(text()), 'Restricted queues it serves, with their clients'),
    }),
  ),
  LabQueueAgent: open(fields({ name: text(), state: text(), 'queues?': listOf(text()) })),
  LabAgentData: open(
    fields({
      'state?': text(),
      'queues?': listOf(text()),
      'location?': text(),
      'provision_type?': text(),
      'comment?': text(),
      'job_id?': text(),
      'log?': listOf(text(), 'Lines that are appended; the last 100 are kept'),
    }),
  ),
  LabStatus: fields({ status: text() }),
  LabProvisionLog: fields({ job_id: text(), exit_code: whole(), 'detail?': text() }),
  LabEvents: open(
    fields({
      job_status_webhook: text('The URL that is told'),
      'agent_id?': text(),
      'job_queue?': text(),
      'events?': listOf(open(fields({ event_name: text(), timestamp: text(), 'detail?': orNull(text()) }))),
    }),
  ),
  LabToken: fields({
    access_token: text('Sent as `Authorization: Bearer …`'),
    token_type: text(),
    expires_in: whole('Seconds'),
    'refresh_token?': text(),
  }),
  LabRefresh: fields({ refresh_token: text() }),
  LabClient: fields({
    client_id: text(),
    role: words(ROLE_NAMES),
    max_priority: mapOf(whole(), 'The highest priority by queue; `*`: every queue'),
    allowed_queues: listOf(text(), 'Restricted queues it may use'),
    max_reservation_time: mapOf(whole(), 'Seconds by queue'),
    'project?': text('Absent: `default`'),
    'email?': text(),
  }),
  LabClientChange: fields({
    'client_id?': text(),
    'client_secret?': text('At least 15 characters'),
    'role?': words(ROLE_NAMES),
    'max_priority?': mapOf(whole()),
    'allowed_queues?': listOf(text()),
    'max_reservation_time?': mapOf(whole()),
    'project?': text(),
    'email?': text(),
    'take_over?': flag(),
  }),
  LabRestrictedQueue: fields({ queue: text(), owners: listOf(text()) }),
  LabOwner: fields({ client_id: text() }),
  LabSecret: fields({
    value: text(),
    'expire_after?': orNull(whole('Seconds; null: never')),
    'ephemeral?': flag('True: gone after its first use'),
  }),
  LabExpiry: fields({ expires_at: orNull(text()) }),
  LabWaitTimes: mapOf(mapOf(number('Seconds'), 'By percentile'), 'By queue'),
};
