import { shapes, type AnswerDocs, type RouteDocs } from '@drover/http';

const { json, listOf, plain, query, shape } = shapes;

const OK: AnswerDocs = plain('Done', 'OK');
const TOKEN = {
  access_token: 'eyJhbGciOiJIUzI1NiJ9…',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_token: 'wJalrXUtnFEMI…',
};
const CLIENT = {
  client_id: 'ci',
  role: 'contributor',
  max_priority: { '*': 100 },
  allowed_queues: [],
  max_reservation_time: {},
};
const RESTRICTED = { queue: 'myqueue', owners: ['ci'] };
const REFRESH = { schema: shape('LabRefresh'), example: { refresh_token: 'wJalrXUtnFEMI…' } };

/** Routes about logins, clients, restricted queues and secrets. */
export const clientRoutes: Record<string, RouteDocs> = {
  'Oauth2Controller.post': {
    id: 'getToken',
    summary: 'Gives a token for a client id and its key',
    description:
      'The credentials come as HTTP Basic. The token is good for every API of Drover, and GET does the same. Old clients, which send an empty JSON object, get the token as a text.',
    open: true,
    answers: {
      200: json('The token', shape('LabToken'), TOKEN),
      401: plain('There is no such client, or it has another key', 'Invalid client id or client key'),
    },
    errors: [429, 503],
  },
  'Oauth2Controller.refresh': {
    id: 'refreshToken',
    summary: 'Gives a new token for a refresh token',
    open: true,
    body: REFRESH,
    answers: {
      200: json('The token', shape('LabToken'), {
        access_token: TOKEN.access_token,
        token_type: 'Bearer',
        expires_in: 900,
      }),
    },
    errors: [400, 422, 503],
  },
  'Oauth2Controller.revoke': {
    id: 'revokeToken',
    summary: 'Revokes a refresh token',
    description: 'Access tokens that it gave are good until they expire.',
    body: REFRESH,
    answers: { 200: json('Revoked', shape('LabStatus'), { status: 'OK' }) },
    errors: [400, 422, 503],
  },
  'ClientsController.list': {
    id: 'listClients',
    summary: 'Lists all clients',
    description: 'Without their keys, which nobody is shown.',
    answers: { 200: json('The clients', listOf(shape('LabClient')), [CLIENT]) },
    errors: [503],
  },
  'ClientsController.get': {
    id: 'getClient',
    summary: 'Shows a client',
    description: 'Without its key, which nobody is shown.',
    answers: { 200: json('The client', shape('LabClient'), CLIENT) },
    errors: [404, 503],
  },
  'ClientsController.put': {
    id: 'putClient',
    summary: 'Makes a client, or changes what is named',
    body: {
      schema: shape('LabClientChange'),
      example: { client_secret: 'correct horse battery', role: 'contributor', max_priority: { '*': 100 } },
    },
    answers: { 200: plain('Made or changed', "Created permissions for client 'ci'") },
    errors: [400, 409, 422, 503],
  },
  'ClientsController.remove': {
    id: 'revokeClient',
    summary: 'Revokes a client',
    parameters: { end_jobs: query('True: what runs is cancelled as well', true, { schema: { type: 'boolean' } }) },
    answers: { 200: OK },
    errors: [404, 422, 503],
  },
  'ClientsController.listRestricted': {
    id: 'listRestrictedQueues',
    summary: 'Lists queues that only some clients may submit to',
    description: 'With the clients that may.',
    answers: { 200: json('The queues', listOf(shape('LabRestrictedQueue')), [RESTRICTED]) },
    errors: [503],
  },
  'ClientsController.getRestricted': {
    id: 'getRestrictedQueue',
    summary: 'Shows a restricted queue',
    description: 'A queue that everybody may use is 404.',
    answers: { 200: json('The queue', shape('LabRestrictedQueue'), RESTRICTED) },
    errors: [404, 503],
  },
  'ClientsController.restrict': {
    id: 'restrictQueue',
    summary: 'Restricts a queue and lets a client in',
    description: 'An agent has to serve or advertise the queue.',
    body: { schema: shape('LabOwner'), example: { client_id: 'ci' } },
    answers: { 200: OK },
    errors: [400, 404, 422, 503],
  },
  'ClientsController.lift': {
    id: 'liftRestriction',
    summary: 'Lifts the restriction of a queue, for everybody',
    description: 'The client that is named loses its right to the queue.',
    body: { schema: shape('LabOwner'), example: { client_id: 'ci' } },
    answers: { 200: OK },
    errors: [400, 404, 422, 503],
  },
  'SecretsController.put': {
    id: 'putSecret',
    summary: 'Stores a secret',
    body: { schema: shape('LabSecret'), example: { value: 'hunter2', expire_after: 86_400 } },
    answers: { 200: json('Stored', shape('LabExpiry'), { expires_at: '2027-01-01T00:00:00+00:00' }) },
    errors: [422, 503],
  },
  'SecretsController.remove': {
    id: 'deleteSecret',
    summary: 'Deletes a secret',
    description: 'A secret that does not exist is no error.',
    answers: { 200: OK },
    errors: [422, 503],
  },
};
