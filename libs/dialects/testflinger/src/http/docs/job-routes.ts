import { shapes, type AnswerDocs, type BodyDocs, type RouteDocs } from '@drover/http';

const { bytes, fields, json, listOf, nothing, plain, query, shape, text } = shapes;

const ID = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1b11';
const OK: AnswerDocs = plain('Done', 'OK');
const NONE = nothing('There is nothing');
const FILE: BodyDocs = {
  type: 'multipart/form-data',
  schema: fields({ file: { type: 'string', format: 'binary' } }),
};
const TEXT = (example: string): BodyDocs => ({ type: 'text/plain', schema: text(), example });

/** Routes about jobs: in, out to agents, their results and their output. */
export const jobRoutes: Record<string, RouteDocs> = {
  'RootController.root': {
    id: 'labRoot',
    description: 'The version of the server as a text.',
    open: true,
    answers: { 200: plain('The name of the server', 'Drover 0.1.0, Testflinger Server API') },
    errors: [429],
  },
  'JobController.submit': {
    id: 'labSubmitJob',
    body: {
      schema: shape('LabJob'),
      example: {
        job_queue: 'myqueue',
        tags: ['foo'],
        provision_data: { url: 'https://images.example/core.img.xz' },
        test_data: { test_cmds: 'uname -a' },
      },
    },
    answers: { 200: json('Its id', shape('LabJobId'), { job_id: ID }) },
    errors: [403, 413, 422, 503],
  },
  'JobController.take': {
    id: 'labTakeJob',
    parameters: { queue: query('The queues that the agent serves', ['myqueue'], { required: true }) },
    answers: {
      200: json('The job, as it was submitted', shape('LabJob')),
      204: nothing('No job waits'),
    },
    errors: [400, 503],
  },
  'JobController.search': {
    id: 'labSearchJobs',
    parameters: {
      tags: query('Tags', ['foo', 'bar']),
      match: query('Whether any or all of the tags have to be there', 'any'),
      state: query('States', ['waiting']),
    },
    answers: { 200: json('The jobs', listOf(shape('LabListedJob'))) },
    errors: [422, 503],
  },
  'JobController.show': {
    id: 'labGetJob',
    description: 'Without the fields that the server has added for the agent.',
    answers: { 200: json('The definition', shape('LabJob')), 204: nothing('There is no such job') },
    errors: [400, 503],
  },
  'JobController.position': {
    id: 'labGetPosition',
    description: '0: it is the next one.',
    answers: { 200: plain('The number', '0'), 410: plain('It does not wait', 'Job not found or already started') },
    errors: [400, 503],
  },
  'JobController.act': {
    id: 'labCancelJob',
    description: 'A job that waits ends at once; the agent of one that runs learns of it when it asks for the state.',
    body: { schema: fields({ action: text('`cancel`') }), example: { action: 'cancel' } },
    answers: { 200: OK, 400: plain('It has ended', 'The job is already completed or cancelled') },
    errors: [404, 422, 503],
  },
  'AttachmentsController.send': {
    id: 'labSendAttachments',
    body: FILE,
    answers: { 200: OK },
    errors: [400, 422, 503],
  },
  'AttachmentsController.fetch': {
    id: 'labGetAttachments',
    summary: 'Fetches the archive of attachments, for the agent',
    description: 'It takes a Range. With the token in its environment the job itself may fetch it.',
    answers: { 200: bytes('The archive', 'application/gzip'), 204: NONE },
    errors: [400, 503],
  },
  'LabEventsController.post': {
    id: 'labPostEvents',
    notRun: 'It calls a webhook of somebody else.',
    body: {
      schema: shape('LabEvents'),
      example: {
        agent_id: 'agent-00',
        job_queue: 'myqueue',
        job_status_webhook: 'https://hooks.example/events',
        events: [{ event_name: 'job_start', timestamp: '2026-01-01T00:00:00.541130+00:00', detail: '' }],
      },
    },
    answers: { 200: plain('The status and the text are those of the webhook', 'OK') },
    errors: [400, 503, 504],
  },
  'ResultController.post': {
    id: 'labPostResult',
    body: { schema: shape('LabResult'), example: { job_state: 'test', status: { setup: 0 } } },
    answers: { 200: OK },
    errors: [400, 413, 422, 503],
  },
  'ResultController.read': {
    id: 'labGetResult',
    description: 'While the job goes on it is what is there so far.',
    answers: { 200: json('The results', shape('LabResult')), 204: NONE },
    errors: [400, 503],
  },
  'LogController.post': {
    id: 'labPostFragment',
    body: {
      schema: shape('LabFragment'),
      example: { fragment_number: 0, timestamp: '2026-01-01T00:00:00Z', phase: 'test', log_data: 'hello\n' },
    },
    answers: { 200: OK },
    errors: [400, 404, 422, 503],
  },
  'LogController.read': {
    id: 'labGetLog',
    description: 'With `start_fragment` only what is new since the last read.',
    parameters: {
      phase: query('One phase', 'test'),
      start_fragment: query('Only this number and higher', 0),
      start_timestamp: query('Only stamped at or after', '2026-01-01T00:00:00Z'),
    },
    answers: {
      200: json('The texts', shape('LabLog'), { output: { test: { last_fragment_number: 0, log_data: 'hello\n' } } }),
    },
    errors: [400, 404, 503],
  },
  'ArchivesController.send': {
    id: 'labSendArtifacts',
    body: FILE,
    answers: { 200: OK },
    errors: [400, 422, 503],
  },
  'ArchivesController.fetch': {
    id: 'labGetArtifacts',
    answers: { 200: bytes('The archive', 'application/gzip'), 204: NONE },
    errors: [400, 503],
  },
  'ArchivesController.addOutput': {
    id: 'labAppendOutput',
    description: 'Agents that number their output post fragments instead.',
    body: TEXT('hello'),
    answers: { 200: OK },
    errors: [400, 503],
  },
  'ArchivesController.takeOutput': {
    id: 'labTakeOutput',
    description: 'Reading changes it: the next read begins where this one ended.',
    answers: { 200: plain('The output', 'hello'), 204: NONE },
    errors: [400, 503],
  },
  'ArchivesController.addSerial': {
    id: 'labAppendSerialOutput',
    description: 'Agents that number their output post fragments instead.',
    body: TEXT('login:'),
    answers: { 200: OK },
    errors: [400, 503],
  },
  'ArchivesController.takeSerial': {
    id: 'labTakeSerialOutput',
    description: 'Reading changes it: the next read begins where this one ended.',
    answers: { 200: plain('The output', 'login:'), 204: NONE },
    errors: [400, 503],
  },
};
