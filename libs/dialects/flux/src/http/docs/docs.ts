import { V1_REFUSAL, V1_SCHEMAS } from '@drover/dialects/v1-jobs';
import { shapes, type DialectDocs } from '@drover/http';

const { anyObject, eitherOf, fields, inPath, json, listOf, plain, query, shape, text, whole } = shapes;

const UID = inPath('The id of a job: decimal, or as Flux prints it (ƒ…)', '288230376151711744');
const TOKEN = json('The token', shape('FluxToken'), { access_token: 'eyJhbGciOiJIUzI1NiJ9…', token_type: 'Bearer' });

/** The Flux RESTful API's part of the OpenAPI document. */
export const fluxDocs: DialectDocs = {
  title: 'Flux RESTful API, as Drover speaks it',
  description:
    'Submit commands, list and cancel jobs, read their output. Clients log in with a name and a password, or share a secret key. Refusals have `error` and `message`.',
  tag: 'Flux RESTful',
  refusal: V1_REFUSAL,
  schemas: {
    ...V1_SCHEMAS,
    FluxToken: fields({ access_token: text(), token_type: text() }),
    FluxSubmission: {
      ...fields({
        command: eitherOf(text(), listOf(text())),
        'num_tasks?': whole('Default 1'),
        'cores_per_task?': whole('Default 1'),
        'gpus_per_task?': whole('Default 0'),
        'num_nodes?': whole('Default: any'),
        'workdir?': text('Where it runs'),
        'runtime?': whole('Seconds it may run; 0: no limit'),
        'envars?': anyObject('Its environment'),
        'is_launcher?': { type: 'boolean', description: 'True: it submits jobs by itself' },
      }),
      additionalProperties: true,
    },
    FluxSubmitted: fields({ Message: text(), id: text('Decimal; `MANY` for a launcher') }),
    FluxCancelled: fields({ Message: text(), id: text() }),
    FluxOutput: eitherOf(fields({ Output: listOf(text('A line')) }), fields({ Message: text('There is none yet') })),
    FluxSearch: fields({
      data: listOf(anyObject('A job, as Flux describes it')),
      draw: whole(),
      recordsTotal: whole(),
      recordsFiltered: whole(),
    }),
  },
  parameters: { uid: UID },
  routes: {
    'FluxController.nodes': {
      id: 'fluxListNodes',
      description: 'Sorted by name.',
      answers: { 200: json('The names', fields({ nodes: listOf(text()) }), { nodes: ['node-1'] }) },
      errors: [503],
    },
    'FluxController.stop': {
      id: 'fluxStopService',
      description: 'A stack that something else started is not ended.',
      notRun: 'It ends the server.',
      answers: { 200: json('It is ending', { type: 'null' }, null) },
      errors: [400, 503],
    },
    'FluxController.search': {
      id: 'fluxSearchJobs',
      description: 'A page of jobs with the numbers that DataTables needs. It takes the same as a JSON body, too.',
      parameters: {
        draw: query('A number that is given back', 1, { schema: { type: 'integer' } }),
        start: query('Jobs to skip', 0, { schema: { type: 'integer' } }),
        length: query('Jobs at most', 10, { schema: { type: 'integer' } }),
      },
      answers: { 200: json('The page', shape('FluxSearch')) },
      errors: [422, 503],
    },
    'FluxController.submit': {
      id: 'fluxSubmitJob',
      description: 'Fields of the query and of the body count alike; the query wins.',
      body: { schema: shape('FluxSubmission'), example: { command: 'echo hello', num_tasks: 1 } },
      answers: {
        200: json('Accepted', shape('FluxSubmitted'), { Message: 'Job submit.', id: '288230376151711744' }),
      },
      errors: [400, 422, 503],
    },
    'FluxController.cancel': {
      id: 'fluxCancelJob',
      description: 'A job that has ended is refused (400).',
      answers: {
        200: json('Asked', shape('FluxCancelled'), {
          Message: 'Job is requested to cancel.',
          id: '288230376151711744',
        }),
      },
      errors: [400, 503],
    },
    'FluxController.output': {
      id: 'fluxGetOutput',
      description: 'Both streams, in the order in which they were seen. A job without output has a message instead.',
      answers: { 200: json('The lines', shape('FluxOutput'), { Output: ['hello\n'] }) },
      errors: [503],
    },
    'FluxController.stream': {
      id: 'fluxFollowOutput',
      description: 'The answer ends with the job. For a job that does not exist it is empty.',
      answers: { 200: plain('The output as it comes', 'hello\n') },
      errors: [503],
    },
    'TokenController.token': {
      id: 'fluxExchangeToken',
      description:
        'The request is signed with the key: `Authorization: Bearer <JWT of name and password>`. It is refused with 400, never with 401.',
      notRun: 'It needs a JWT that is signed with the secret key.',
      open: true,
      answers: { 200: TOKEN },
      errors: [400, 404],
    },
    'TokenController.login': {
      id: 'fluxLogin',
      description: 'The user is that of `FLUX_USER` and `FLUX_TOKEN`.',
      notRun: 'It needs the password of the server.',
      open: true,
      body: {
        type: 'application/x-www-form-urlencoded',
        schema: fields({ username: text(), password: text() }),
        example: { username: 'fluxuser', password: 'the-password' },
      },
      answers: { 200: TOKEN },
      errors: [400, 422],
    },
  },
};
