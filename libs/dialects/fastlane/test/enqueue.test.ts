import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Client, spellings, TASK } from './client.js';

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startApi({ env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
  client = new Client(api.url);
});
afterAll(() => api?.close());

const total = async (): Promise<number> => (await client.get('/tasks/')).json.total;

describe('the list of tasks', () => {
  it('is empty in the beginning', async () => {
    expect((await client.get('/tasks/')).json).toEqual({
      items: [],
      total: 0,
      page: 1,
      pages: 0,
      perPage: 10,
      hasNext: false,
      hasPrev: false,
      nextUrl: null,
      prevUrl: null,
    });
  });

  it('counts pages, and its links lead to them', async () => {
    const paged = await startApi({ env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
    try {
      const other = new Client(paged.url);
      for (let at = 0; at < 11; at++) await other.enqueue(`task-${at}`, TASK);
      const first = (await other.get('/tasks')).json;
      expect(first).toMatchObject({
        total: 11,
        pages: 2,
        page: 1,
        perPage: 10,
        hasNext: true,
        hasPrev: false,
        prevUrl: null,
        nextUrl: `${paged.url}/tasks/?page=2`,
      });
      expect(first.items.map((item: { taskId: string }) => item.taskId)).toEqual(
        Array.from({ length: 10 }, (_, at) => `task-${at}`),
      );
      expect(first.items[0]).toEqual({
        taskId: 'task-0',
        createdAt: expect.any(Number),
        lastModifiedAt: expect.any(Number),
        jobsCount: 1,
        url: `${paged.url}/tasks/task-0`,
      });
      const second = (await other.get(first.nextUrl)).json;
      expect(second).toMatchObject({
        page: 2,
        hasNext: false,
        hasPrev: true,
        nextUrl: null,
        prevUrl: `${paged.url}/tasks/?page=1`,
      });
      expect(second.items).toHaveLength(1);
      for (const page of ['0', '-1', 'abc', '1.5', '']) {
        const bad = await other.get(`/tasks/?page=${page}`);
        expect([bad.status, bad.json]).toEqual([
          400,
          { error: 'Tasks pagination page param should be a positive integer.', operation: 'get_tasks' },
        ]);
      }
      expect((await other.get('/tasks/?page=99')).status).toBe(404);
    } finally {
      await paged.close();
    }
  });
});

describe('enqueueing', () => {
  it('answers seven keys, makes one task of two posts, and reads JSON whatever the content type says', async () => {
    const { status, json } = await client.ask('POST', '/tasks/two-posts/', TASK);
    expect(status).toBe(200);
    expect(json).toEqual({
      taskId: 'two-posts',
      jobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      jobUrl: `${api.url}/tasks/two-posts/jobs/${json.jobId}`,
      taskUrl: `${api.url}/tasks/two-posts`,
      queueJobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      executionUrl: `${api.url}/tasks/two-posts/jobs/${json.jobId}/executions/${json.executionId}/`,
    });
    await client.enqueue('two-posts', TASK);
    const listed = (await client.get('/tasks/')).json.items.find(
      (item: { taskId: string }) => item.taskId === 'two-posts',
    );
    expect(listed.jobsCount).toBe(2);
    const task = (await client.get('/tasks/two-posts')).json;
    expect(task.jobs).toHaveLength(2);
    expect(task.jobs.map((job: { id: string }) => job.id)).toContain(json.jobId);
    expect((await client.get(task.jobs[0].url)).status).toBe(200);
  });

  it.each([
    ['', 'Failed to enqueue task because JSON body could not be parsed.'],
    ['{nonsense', 'Failed to enqueue task because JSON body could not be parsed.'],
    ['null', 'Failed to enqueue task because JSON body could not be parsed.'],
    ['""', 'Failed to enqueue task because JSON body could not be parsed.'],
    ['{"image":"x"}', 'image and command must be filled in the request.'],
    ['{"command":"x","image":null}', 'image and command must be filled in the request.'],
    [
      '{"image":"x","command":"y","startAt":1,"startIn":"1s"}',
      "Only ONE of 'startAt', 'startIn' and 'cron' should be in the request.",
    ],
    ['[]', 'The JSON body must be an object.'],
    [
      '{"image":"x","command":"y","cron":"nonsense"}',
      'cron must have five fields (or six, the last one being seconds).',
    ],
    ['{"image":"x","command":"y","envs":{"A":"\\u0000"}}', expect.stringContaining('env.A')],
    [
      JSON.stringify({ ...TASK, notify: { fails: Array.from({ length: 101 }, () => 'a@b.example') } }),
      'notify.fails must hold at most 100 entries.',
    ],
    [
      JSON.stringify({ ...TASK, webhooks: { fails: 'http://a.example' } }),
      'webhooks.fails must be a list, each entry an object with an url.',
    ],
    ['{"image":"x","command":"y","cron":"99 * * * *"}', expect.stringContaining('cron')],
  ])('%s is refused with a bare text, and nothing is stored', async (body, text) => {
    const before = await total();
    for (const [method, path] of [
      ['POST', '/tasks/refused/'],
      ['PUT', `/tasks/refused/jobs/${randomUUID()}`],
    ] as const) {
      const answer = await client.ask(method, path, body);
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([
        400,
        text,
        'text/plain; charset=utf-8',
      ]);
    }
    expect(await total()).toBe(before);
  });

  it('takes an id of the client by PUT, in any spelling, and refuses what is none', async () => {
    const bad = await client.ask('PUT', '/tasks/put/jobs/seven', TASK);
    expect([bad.status, bad.text]).toEqual([400, 'The job_id seven is not a valid UUID4. All job IDs must be UUID4.']);
    const id = randomUUID();
    for (const path of spellings(`/tasks/put/jobs/${id.replaceAll('-', '').toUpperCase()}`)) {
      const { status, json } = await client.ask('PUT', path, TASK);
      expect([status, json.jobId]).toEqual([200, id]);
    }
    expect((await client.get('/tasks/put')).json.jobs).toHaveLength(1);
    expect((await client.job(`/tasks/put/jobs/${id}`)).executionCount).toBe(4);
  });

  it('shows every field of the payload on the job, with the defaults', async () => {
    const { path } = await client.enqueue('fields', {
      ...TASK,
      envs: { A: 1, MY_PASSWORD: 'hidden', nested_KEY: 'x' },
      metadata: { user: 'h' },
      retries: 3,
      timeout: 60,
      expiration: 4_000_000_000,
      webhooks: { fails: [{ url: 'http://a.example', headers: { X: '1' }, secret: 's' }] },
      notify: { succeeds: ['a@b.example'] },
      additionalDNSEntries: { 'host.example': '10.0.0.1' },
    });
    const job = await client.job(path);
    expect(job.metadata).toEqual({
      enqueued_id: expect.any(String),
      envs: { A: '1', MY_PASSWORD: '***', nested_KEY: '***' },
      custom: { user: 'h' },
      retries: 3,
      retry_count: 0,
      timeout: 60,
      expiration: 4_000_000_000,
      webhooks: {
        succeeds: [],
        fails: [{ url: 'http://a.example', headers: { X: '1' }, secret: '***' }],
        finishes: [],
      },
      notify: { succeeds: ['a@b.example'], fails: [], finishes: [] },
      additional_dns_entries: [['host.example', '10.0.0.1']],
    });
    expect(job.executions[0]).toMatchObject({
      status: 'enqueued',
      startedAt: null,
      finishedAt: null,
      exitCode: null,
      log: null,
      error: null,
      metadata: {},
      image: 'busybox:latest',
      command: 'true',
      requestIPAddress: '127.0.0.1',
    });
    expect(job.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000$/);
  });

  it('names of tasks may be anything without a slash', async () => {
    const { json } = await client.ask('POST', `/tasks/${encodeURIComponent('a b?#ü%')}`, TASK);
    expect(json.taskId).toBe('a b?#ü%');
    expect((await client.get(json.taskUrl)).json.taskId).toBe('a b?#ü%');
    expect((await client.get('/tasks/a%2Fb')).status).toBe(404);
    expect((await client.get('/tasks/%zz')).status).toBe(404);
  });
});

describe('a search', () => {
  it('finds tasks by whole words in any case', async () => {
    await client.enqueue('Hello-World', TASK);
    const found = async (query: string): Promise<string[]> =>
      (await client.get(`/search/?query=${query}`)).json.items.map((item: { taskId: string }) => item.taskId);
    expect(await found('world')).toEqual(['Hello-World']);
    expect(await found('nothing%20WORLD')).toEqual(['Hello-World']);
    expect(await found('hel')).toEqual([]);
    for (const query of ['', '?query=']) {
      const bad = await client.get(`/search/${query}`);
      expect([bad.status, bad.json]).toEqual([
        400,
        { error: 'The query param is required.', operation: 'search_tasks' },
      ]);
    }
  });
});
