import { shapes, type AnswerDocs, type RouteDocs } from '@drover/http';

const { json, listOf, mapOf, nothing, plain, query, shape, text } = shapes;

const OK: AnswerDocs = plain('Done', 'OK');
const QUEUES = { myqueue: 'queue 1', myqueue2: 'queue 2' };
const IMAGES = { image1: 'url: http://place/image1' };

/** Routes about agents of devices and the queues they offer. */
export const agentRoutes: Record<string, RouteDocs> = {
  'LabAgentsController.listQueues': {
    id: 'labListQueues',
    summary: 'Lists well-known queues with their descriptions',
    description: 'They are those that an agent or a manager has advertised.',
    answers: { 200: json('Descriptions by name', mapOf(text()), QUEUES) },
    errors: [503],
  },
  'LabAgentsController.postQueues': {
    id: 'labAdvertiseQueues',
    summary: 'Advertises queues',
    description: 'Queues that are not named stay as they are.',
    body: { schema: mapOf(text('A description')), example: QUEUES },
    answers: { 200: OK },
    errors: [422, 503],
  },
  'LabAgentsController.listImages': {
    id: 'labListImages',
    summary: 'Lists the images of a queue',
    description: 'A queue without images has none: the answer is empty.',
    answers: { 200: json('Provision data by name', mapOf(text()), IMAGES) },
    errors: [503],
  },
  'LabAgentsController.postImages': {
    id: 'labSetImages',
    summary: 'Replaces the images of queues',
    description: 'Queues that are not named keep theirs.',
    body: { schema: mapOf(mapOf(text())), example: { myqueue: IMAGES } },
    answers: { 200: OK },
    errors: [422, 503],
  },
  'LabAgentsController.list': {
    id: 'labListAgents',
    summary: 'Lists all agents',
    description: 'With what they said of themselves last.',
    answers: { 200: json('The agents', listOf(shape('LabAgent'))) },
    errors: [503],
  },
  'LabAgentsController.get': {
    id: 'labGetAgent',
    summary: 'Shows an agent',
    description: 'With what it said of itself last.',
    answers: {
      200: json('The agent', shape('LabAgent')),
      404: json('There is no such agent', { type: 'object' }, {}),
    },
    errors: [503],
  },
  'LabAgentsController.post': {
    id: 'labPostAgent',
    summary: 'Notes the description an agent gives of itself',
    body: {
      schema: shape('LabAgentData'),
      example: { state: 'waiting', queues: ['myqueue'], location: 'lab 1', provision_type: 'maas' },
    },
    answers: { 200: json('Noted', shape('LabStatus'), { status: 'OK' }) },
    errors: [422, 503],
  },
  'LabAgentsController.provisioned': {
    id: 'labPostProvisionLog',
    summary: 'Notes how a provisioning went',
    description: 'An agent with several failures in a row is shown with their number.',
    body: {
      schema: shape('LabProvisionLog'),
      example: { job_id: '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1b11', exit_code: 0, detail: '' },
    },
    answers: { 200: OK },
    errors: [404, 422, 503],
  },
  'QueuesController.waitTimes': {
    id: 'labGetWaitTimes',
    summary: 'Shows percentiles of the time jobs waited, in seconds',
    parameters: { queue: query('Only these queues', ['myqueue']) },
    answers: {
      200: json('Seconds by queue and percentile', shape('LabWaitTimes'), { myqueue: { 5: 0, 50: 4.5, 95: 31.7 } }),
    },
    errors: [503],
  },
  'QueuesController.ofQueue': {
    id: 'labListAgentsOfQueue',
    summary: 'Lists the agents that serve a queue',
    description: 'Where people log in, a queue that no agent serves is 404.',
    answers: { 200: json('The agents', listOf(shape('LabQueueAgent'))) },
    errors: [404, 503],
  },
  'QueuesController.jobsOf': {
    id: 'labListJobsOfQueue',
    summary: 'Lists the jobs of a queue, in every state',
    description: 'Newest last.',
    answers: { 200: json('The jobs', listOf(shape('LabListedJob'))), 204: nothing('There is none') },
    errors: [503],
  },
};
