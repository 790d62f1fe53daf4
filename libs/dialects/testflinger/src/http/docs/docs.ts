import { shapes, type DialectDocs } from '@drover/http';
import { agentRoutes } from './agent-routes.js';
import { clientRoutes } from './client-routes.js';
import { jobRoutes } from './job-routes.js';
import { LAB_SCHEMAS } from './schemas.js';

const { inPath, shape } = shapes;

const MESSAGES: Record<number, string> = {
  400: 'Invalid job_id specified',
  401: 'Authentication required: get a token at /v1/oauth2/token',
  403: 'Specified action requires role: admin, manager',
  404: 'There is no such object.',
  413: 'Payload too large',
  503: 'The database does not answer at the moment; try again in a second.',
};

/** The Testflinger API's part of the OpenAPI document. */
export const testflingerDocs: DialectDocs = {
  title: 'Testflinger server, as Drover speaks it',
  description:
    'Jobs on devices of a lab: submitters put them into queues, agents of devices take them and post results and output. Also the API for logins of every program, and for clients and their permissions. Refusals are `{message, detail}`.',
  tag: 'testflinger',
  refusal: (status) =>
    status === 422
      ? {
          schema: shape('LabError'),
          example: {
            message: 'Validation error',
            detail: { json: { job_queue: ['Missing data for required field.'] } },
          },
        }
      : { schema: shape('LabError'), example: { message: MESSAGES[status] ?? 'Refused', detail: {} } },
  schemas: LAB_SCHEMAS,
  parameters: {
    job_id: inPath('The id of a job', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1b11'),
    queue: inPath('The name of a queue', 'myqueue'),
    client_id: inPath('The client that owns the secret: the one that asks', 'ci'),
    path: inPath('The name of the secret, with slashes', 'ci/token'),
    type: inPath('The kind of output', 'output'),
    name: inPath('The name of an agent', 'agent-00'),
    id: inPath('The name of a client', 'ci'),
  },
  routes: { ...jobRoutes, ...agentRoutes, ...clientRoutes },
};
