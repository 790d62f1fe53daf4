import { shapes, type AnswerDocs, type DialectDocs, type ParameterDocs } from '@drover/http';

const { anyObject, eitherOf, fields, flag, inPath, json, listOf, mapOf, nothing, number, orNull, plain, query } =
  shapes;
const { shape, text, whole } = shapes;

const task = inPath('The name of a task', 'demo');
const job = inPath('The id of a job of the task: a UUID', '4f20550e-36ff-4ba0-940b-d3210bb842dd');
const execution = inPath('The id of an execution of the job: a UUID', '0198c0de-8000-7000-8000-5a1f0c2e4b77');
const page: ParameterDocs = query('The page, from 1', 1, { schema: { type: 'integer', minimum: 1 } });
const HOST = { host: 'node-1:2375' };
const ENQUEUE = { image: 'busybox:latest', command: 'echo hello', envs: { LEVEL: '3' }, retries: 1 };

const output = (description: string): AnswerDocs => plain(description, 'hello\n');
const STREAM: AnswerDocs = {
  description: 'The log as it comes; the page that follows it for `Accept: text/html`',
  body: [
    { type: 'text/html', schema: { type: 'string' } },
    { type: 'text/plain', schema: { type: 'string' }, example: 'hello\n' },
    {
      type: 'text/event-stream',
      schema: { type: 'string' },
      example: 'event: stdout\ndata: "hello\\n"\n\nevent: close\ndata: {"reason":"done"}\n\n',
    },
  ],
};
const FOLLOW = 'With `Accept: text/plain` or `text/event-stream` it is the log itself, until the execution has ended.';
const OF_ENDED = 'Empty before the execution has ended. The header `Fastlane-Exit-Code` is its exit code, or `None`.';

const counted = fields({ length: whole() });

/** The fastlane API's part of the OpenAPI document. */
export const fastlaneDocs: DialectDocs = {
  title: 'fastlane, as Drover speaks it',
  description:
    'Tasks group jobs, a job has executions, and each execution is one job of Drover. Refusals are `{error, operation}`; faults of a body are a bare text.',
  tag: 'fastlane',
  refusal: (status) =>
    status === 400
      ? { type: 'text/plain', schema: { type: 'string' }, example: 'image and command must be filled in the request.' }
      : {
          schema: shape('FastlaneError'),
          example: { error: status === 404 ? 'Job not found in task.' : 'Refused.', operation: 'get_task' },
        },
  schemas: {
    FastlaneError: fields({ error: text('The reason'), operation: text('The operation that was asked for') }),
    FastlaneHealth: fields({
      redis: flag('True: the queue works'),
      mongo: flag('True: the store works'),
      errors: listOf(fields({ source: text(), message: text() })),
    }),
    FastlaneStatus: fields({
      hosts: listOf(anyObject('A node, and whether its circuit is open')),
      containers: fields({ running: listOf(fields({ host: orNull(text()), port: whole(), id: text() })) }),
      queues: fields({
        jobs: counted,
        monitor: counted,
        webhooks: counted,
        notify: counted,
        error: counted,
        scheduled: fields({
          length: whole(),
          nextTimeStamp: orNull(number('Unix seconds')),
          nextHumanReadableDate: orNull(text()),
        }),
      }),
      tasks: fields({ count: whole() }),
      jobs: fields({ count: whole(), scheduled: listOf(anyObject()) }),
      fastlane: fields({ version: text(), executor: text() }),
    }),
  },
  parameters: { task, job, execution, page },
  routes: {
    'FastlaneTasksController.list': {
      id: 'fastlaneListTasks',
      description: 'Newest first. `nextUrl` is the address of the next page.',
      answers: { 200: json('A page of tasks', shape('TaskListDto')) },
      errors: [400, 404, 503],
    },
    'FastlaneTasksController.search': {
      id: 'fastlaneSearchTasks',
      description: 'Every word of `query` has to be a word of the name.',
      parameters: { query: query('Words of the name', 'demo', { required: true }) },
      answers: { 200: json('A page of tasks', shape('TaskListDto')) },
      errors: [400, 404, 503],
    },
    'FastlaneTasksController.show': {
      id: 'fastlaneGetTask',
      description: 'Oldest first.',
      answers: { 200: json('The task with its jobs', shape('TaskDto')) },
      errors: [404, 503],
    },
    'FastlaneTasksController.enqueue': {
      id: 'fastlaneEnqueue',
      description:
        'Only one of `startAt`, `startIn` and `cron` may be given. The command runs in a container of `image` on a worker with a container engine.',
      body: { schema: shape('EnqueueDto'), example: ENQUEUE },
      answers: { 200: json('The job, and its first execution if it is not for later', shape('EnqueuedDto')) },
      errors: [400, 503],
    },
    'FastlaneJobsController.put': {
      id: 'fastlanePutJob',
      description: 'An execution that runs goes on as it was; the next one has the new details.',
      body: { schema: shape('EnqueueDto'), example: ENQUEUE },
      answers: { 200: json('The job, and its execution if it is not for later', shape('EnqueuedDto')) },
      errors: [400, 503],
    },
    'FastlaneJobsController.show': {
      id: 'fastlaneGetJob',
      description: 'With `page`, the 20 before those, and so on.',
      answers: { 200: json('The job', shape('JobDetailsDto')) },
      errors: [400, 404, 503],
    },
    'FastlaneJobsController.stop': {
      id: 'fastlaneStopJob',
      description: 'The answer comes when the execution has ended. A job that has ended stays as it is.',
      answers: { 200: json('Stopped', shape('JobActionDto')) },
      errors: [404, 503],
    },
    'FastlaneJobsController.retry': {
      id: 'fastlaneRetryJob',
      description: 'A job with a schedule, or without an execution, is refused (400).',
      answers: { 200: json('It runs again', shape('JobActionDto')) },
      errors: [400, 404, 503],
    },
    'FastlaneExecutionsController.show': {
      id: 'fastlaneGetExecution',
      description: 'With the last part of its output, once it has ended.',
      answers: { 200: json('The execution', shape('ExecutionDetailsDto')) },
      errors: [404, 503],
    },
    'FastlaneExecutionsController.stop': {
      id: 'fastlaneStopExecution',
      description: 'The answer comes when it has ended. An execution that has ended stays as it is.',
      answers: { 200: json('Stopped', shape('StoppedExecutionDto')) },
      errors: [404, 503],
    },
    'FastlaneLogsController.stdout': {
      id: 'fastlaneGetStdout',
      description: OF_ENDED,
      answers: { 200: output('The bytes, whole') },
      errors: [400, 404, 503],
    },
    'FastlaneLogsController.stderr': {
      id: 'fastlaneGetStderr',
      description: OF_ENDED,
      answers: { 200: output('The bytes, whole, and why it ended') },
      errors: [400, 404, 503],
    },
    'FastlaneLogsController.logs': {
      id: 'fastlaneGetLogs',
      description: OF_ENDED,
      answers: { 200: output('Standard output, `-=-`, standard error') },
      errors: [400, 404, 503],
    },
    'FastlaneLogsController.executionStdout': {
      id: 'fastlaneGetExecutionStdout',
      description: OF_ENDED,
      answers: { 200: output('The bytes, whole') },
      errors: [400, 404, 503],
    },
    'FastlaneLogsController.executionStderr': {
      id: 'fastlaneGetExecutionStderr',
      description: OF_ENDED,
      answers: { 200: output('The bytes, whole, and why it ended') },
      errors: [400, 404, 503],
    },
    'FastlaneLogsController.executionLogs': {
      id: 'fastlaneGetExecutionLogs',
      description: OF_ENDED,
      answers: { 200: output('Standard output, `-=-`, standard error') },
      errors: [400, 404, 503],
    },
    'FastlaneStreamController.job': {
      id: 'fastlaneFollowJob',
      summary: 'Follows the last execution of a job',
      description: FOLLOW,
      answers: { 200: STREAM },
      errors: [400, 404, 503],
    },
    'FastlaneStreamController.execution': {
      id: 'fastlaneFollowExecution',
      summary: 'Follows an execution',
      description: FOLLOW,
      answers: { 200: STREAM },
      errors: [400, 404, 503],
    },
    'FastlaneServiceController.health': {
      id: 'fastlaneHealth',
      description: 'The names are those of the original: here tickets and record are asked.',
      answers: {
        200: json('Both work', shape('FastlaneHealth'), { redis: true, mongo: true, errors: [] }),
        500: json('One of them does not', shape('FastlaneHealth')),
      },
      errors: [429],
    },
    'FastlaneServiceController.status': {
      id: 'fastlaneStatus',
      description: 'One look at the whole farm.',
      answers: { 200: json('The farm', shape('FastlaneStatus')) },
      errors: [503],
    },
    'FastlaneServiceController.block': {
      id: 'fastlaneBlockHost',
      description: 'PUT does the same.',
      body: { schema: shape('BlacklistDto'), example: HOST },
      answers: { 200: nothing('The node gets no new jobs') },
      errors: [400, 503],
    },
    'FastlaneServiceController.unblock': {
      id: 'fastlaneUnblockHost',
      description: 'A node that was not blocked stays as it is.',
      body: { schema: shape('BlacklistDto'), example: HOST },
      answers: { 200: nothing('The node gets jobs again') },
      errors: [400, 503],
    },
    'FastlaneServiceController.routes': {
      id: 'fastlaneRoutes',
      description: 'Without `DEBUG` it is 404.',
      answers: { 200: json('The routes', eitherOf(listOf(anyObject()), mapOf({}))) },
      errors: [404],
    },
  },
};
