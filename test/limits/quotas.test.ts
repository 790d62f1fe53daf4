import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIALECTS } from '@drover/dialects';
import type { Quota } from '@drover/domain';
import { mint, JWT_KEY } from '../access/support.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';

interface Answer {
  status: number;
  text: string;
  json: Record<string, unknown>;
  headers: Headers;
}

let api: TestApi;
/** Another replica on the same record. */
let other: TestApi;
let operator: string;
let count = 0;

beforeAll(async () => {
  const env = {
    DROVER_AUTH: 'oauth2',
    DROVER_JWT_SIGNING_KEY: JWT_KEY,
    DROVER_ENROLMENT_TOKEN: 'a token for new workers',
  };
  api = await startApi({ passive: true, env });
  other = await startApi({ passive: true, env, databaseUrl: api.databaseUrl });
  operator = await mint({ client_id: 'olga', role: 'operator' });
});
afterAll(async () => {
  await other?.close();
  await api?.close();
});

async function ask(method: string, path: string, token: string, body?: unknown, at = api): Promise<Answer> {
  const response = await fetch(`${at.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    headers: response.headers,
  };
}

const quotasOf = (name: string, values: Partial<Record<Quota, number | null>>): Promise<Answer> =>
  ask('PUT', `/api/v1/projects/${name}/quotas`, operator, values);
const usageOf = async (name: string): Promise<Record<Quota, number>> =>
  (await ask('GET', `/api/v1/projects/${name}/quotas`, operator)).json['usage'] as Record<Quota, number>;

/** A project of its own with these quotas, and a client of it. */
async function project(values: Partial<Record<Quota, number>>): Promise<{ name: string; token: string }> {
  const name = `p${(count += 1)}`;
  expect((await quotasOf(name, values)).status).toBe(200);
  return { name, token: await mint({ client_id: `client-of-${name}`, role: 'submitter', project: name }) };
}

const submit = (token: string, more: object = {}, at = api): Promise<Answer> =>
  ask('POST', '/api/v1/jobs', token, { command: 'true', ...more }, at);

interface Way {
  path: string;
  body: unknown;
  method?: string;
  /** Where the refusal's sentence stands. */
  says: (answer: Answer) => unknown;
}

/** How jobs come in through each dialect; null: none of it ever waits. */
const WAYS: Record<string, Way[] | null> = {
  fastlane: [
    { path: '/tasks/quota/', body: { image: 'busybox', command: 'true' }, says: ({ json }) => json['error'] },
    {
      path: '/tasks/quota/',
      body: { image: 'busybox', command: 'true', startIn: '1h' },
      says: ({ json }) => json['error'],
    },
    {
      path: '/tasks/quota/',
      body: { image: 'busybox', command: 'true', cron: '0 * * * *' },
      says: ({ json }) => json['error'],
    },
    {
      method: 'PUT',
      path: '/tasks/quota/jobs/0198c0de-7b5e-4c5a-9d4b-2f6f0a3e1c55/',
      body: { image: 'busybox', command: 'true' },
      says: ({ json }) => json['error'],
    },
  ],
  flux: [{ path: '/v1/jobs/submit', body: { command: 'true', num_tasks: 1 }, says: ({ json }) => json['message'] }],
  // Jobs that run elsewhere are observed; metrics have no jobs.
  hpc: null,
  'metric-proxy': null,
  testflinger: [
    { path: '/v1/job', body: { job_queue: 'lab' }, says: ({ json }) => json['message'] },
    {
      path: '/v1/job',
      body: { job_queue: 'lab', job_id: '0198c0de-7b5e-4c5a-9d4b-2f6f0a3e1c66' },
      says: ({ json }) => json['message'],
    },
  ],
};
const NATIVE: Way[] = [
  { path: '/api/v1/jobs', body: { command: 'true' }, says: ({ json }) => json['detail'] },
  {
    path: '/api/v1/jobs',
    body: { command: 'true', start_at: '2099-01-01T00:00:00Z' },
    says: ({ json }) => json['detail'],
  },
  {
    path: '/api/v1/jobs',
    body: { command: 'true', cron: { pattern: '0 * * * *' } },
    says: ({ json }) => json['detail'],
  },
  { path: '/api/v1/jobs/batch', body: { jobs: [{ command: 'true' }] }, says: ({ json }) => json['detail'] },
];
const ALL = [NATIVE, ...Object.values(WAYS)].flatMap((ways) => ways ?? []);

describe('the quota of waiting jobs', () => {
  it('is tried through every dialect that there is', () => {
    expect(Object.keys(WAYS).sort()).toEqual(DIALECTS.map(({ name }) => name).sort());
  });

  it.each(ALL.map((way) => [`${way.method ?? 'POST'} ${way.path} ${JSON.stringify(way.body)}`, way] as const))(
    'refuses %s with 429 in its own words',
    async (_, way) => {
      const { name, token } = await project({ waiting_jobs: 1 });
      expect((await submit(token)).status).toBe(201);
      const before = await api.core.store.sql.rows(
        'SELECT (SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM task_execution) AS executions, (SELECT count(*) FROM task_job) AS tasks',
      );
      const answer = await ask(way.method ?? 'POST', way.path, token, way.body);
      expect([answer.status, answer.headers.get('retry-after')], answer.text).toEqual([429, '10']);
      const sentence = `Project ${name} uses 1 of its quota waiting_jobs of 1 (jobs that have not started). Wait until some of them have started`;
      expect(way.says(answer)).toContain(sentence);
      // Nothing of it was written.
      expect(
        await api.core.store.sql.rows(
          'SELECT (SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM task_execution) AS executions, (SELECT count(*) FROM task_job) AS tasks',
        ),
      ).toEqual(before);
    },
  );

  it('takes a batch whole or not at all', async () => {
    const { name, token } = await project({ waiting_jobs: 5 });
    const jobs = (n: number): object => ({ jobs: Array.from({ length: n }, () => ({ command: 'true' })) });
    expect((await ask('POST', '/api/v1/jobs/batch', token, jobs(6))).status).toBe(429);
    expect((await usageOf(name)).waiting_jobs).toBe(0);
    expect((await ask('POST', '/api/v1/jobs/batch', token, jobs(5))).status).toBe(201);
    const refused = await submit(token);
    expect(refused.json).toMatchObject({
      code: 'rate_limited',
      quota: 'waiting_jobs',
      project: name,
      used: 5,
      limit: 5,
      asked: 1,
    });
  });

  it('holds exactly over two replicas that are asked at the same time, for single jobs and batches', async () => {
    const { name, token } = await project({ waiting_jobs: 40 });
    const batch = { jobs: Array.from({ length: 3 }, () => ({ command: 'true' })) };
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        i % 3 === 0
          ? ask('POST', '/api/v1/jobs/batch', token, batch, i % 2 ? api : other)
          : submit(token, {}, i % 2 ? api : other),
      ),
    );
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([201, 429]);
    const [stored] = await api.core.store.sql.rows<{ n: string }>('SELECT count(*) AS n FROM job WHERE project = $1', [
      name,
    ]);
    expect([Number(stored?.n), (await usageOf(name)).waiting_jobs]).toEqual([40, 40]);
  });

  it('is free again when jobs start, are cancelled or deleted, and full again when they come back', async () => {
    const { name, token } = await project({ waiting_jobs: 3 });
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await submit(token)).json['id'] as string);
    const [first, second, third] = ids as [string, string, string];
    const agent = await scriptedAgent(api.core, 'starter');
    const execution = await (await agent.claim(first)).started();
    expect((await usageOf(name)).waiting_jobs).toBe(2);
    await ask('POST', `/api/v1/jobs/${second}/cancel`, token, {});
    await ask('POST', `/api/v1/jobs/${third}/cancel`, token, {});
    expect((await usageOf(name)).waiting_jobs).toBe(0);
    await execution.ended();
    expect((await ask('DELETE', `/api/v1/jobs/${third}`, token)).status).toBe(204);
    expect((await ask('POST', `/api/v1/jobs/${second}/retry`, token, {})).status).toBe(200);
    expect((await usageOf(name)).waiting_jobs).toBe(1);
    await quotasOf(name, { waiting_jobs: 1 });
    const refused = await ask('POST', `/api/v1/jobs/${first}/retry`, token, {});
    expect([refused.status, refused.json['quota']]).toEqual([429, 'waiting_jobs']);
    expect((await api.core.query.get(first)).state).toBe('succeeded');
    await quotasOf(name, { waiting_jobs: 0 });
    expect((await ask('POST', `/api/v1/jobs/${first}/retry`, token, {})).status).toBe(200);
  });

  it('answers the repeat of a known key although the quota is full', async () => {
    const { token } = await project({ waiting_jobs: 1 });
    const keyed = async (): Promise<[number, unknown]> => {
      const response = await fetch(`${api.url}/api/v1/jobs`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
        body: '{"command":"true"}',
      });
      return [response.status, ((await response.json()) as { id: string }).id];
    };
    const [status, id] = await keyed();
    expect(status).toBe(201);
    expect(await keyed()).toEqual([200, id]);
  });

  it('lets a tick of a time table go by, and says so among its events', async () => {
    const { token } = await project({ waiting_jobs: 1 });
    const id = (await submit(token, { cron: { pattern: '0 * * * *' } })).json['id'] as string;
    await api.core.cron.tick({ job_id: id }, new Date());
    const events = await api.core.store.sql.rows<{ type: string }>(
      'SELECT type FROM event WHERE job_id = $1 ORDER BY tx, id',
      [id],
    );
    expect(events.map(({ type }) => type)).toEqual(['job.scheduled', 'job.tick_skipped']);
  });
});

describe('the quota of output', () => {
  it('drops what does not fit, says so in the log, counts it, and lets the job go on; deleting frees it', async () => {
    const { name, token } = await project({ log_bytes: 100 });
    const id = (await submit(token)).json['id'] as string;
    const execution = await (await (await scriptedAgent(api.core, 'writer')).claim(id)).started();
    await execution.write('a'.repeat(90));
    await execution.write('b'.repeat(50));
    await execution.write('c'.repeat(60), 'stderr');
    await execution.write('d'.repeat(5));
    await execution.ended();
    const log = (await ask('GET', `/api/v1/jobs/${id}/logs?stream=stdout`, token)).text;
    expect(log).toContain('a'.repeat(90));
    expect(log).toContain(
      `further output of this execution is not kept. Project ${name} uses 90 of its quota log_bytes of 100`,
    );
    expect(log).not.toMatch(/bbb|ddd/);
    expect((await ask('GET', `/api/v1/jobs/${id}/logs?stream=stderr`, token)).text).toContain('is not kept');
    const { executions } = (await ask('GET', `/api/v1/jobs/${id}/executions`, token)).json as {
      executions: Record<string, unknown>[];
    };
    expect(executions[0]).toMatchObject({ log_dropped: 115, log_complete: false });
    expect((await api.core.query.get(id)).state).toBe('succeeded');
    const kept = Number(executions[0]?.['stdout_bytes']) + Number(executions[0]?.['stderr_bytes']);
    expect((await usageOf(name)).log_bytes).toBe(kept);
    expect((await ask('DELETE', `/api/v1/jobs/${id}`, token)).status).toBe(204);
    expect((await usageOf(name)).log_bytes).toBe(0);
  });
});

describe('the quotas of artifacts', () => {
  const put = (name: string, jobId: string, path: string, size: number): Promise<unknown> => {
    const artifact = {
      job_id: jobId,
      execution_id: null,
      path,
      content_type: 'text/plain',
      blob_key: `artifacts/${jobId}/${path}`,
      created_at: new Date(),
    };
    return api.core.artifactIntake.take(
      { project: name, key: artifact.blob_key, body: Readable.from([Buffer.alloc(size)]) },
      async (sql, info) => {
        const { artifactStore } = await import('@drover/store');
        return artifactStore.put(sql, { ...artifact, ...info } as Parameters<typeof artifactStore.put>[1]);
      },
    );
  };

  it('refuse an upload of a worker with 507, by its bytes and by its number, and keep nothing of it; deleting frees them', async () => {
    const { name, token } = await project({ artifact_bytes: 100, artifacts: 2 });
    const id = (await submit(token)).json['id'] as string;
    await put(name, id, 'one', 60);
    await expect(put(name, id, 'two', 50)).rejects.toMatchObject({
      code: 'quota',
      details: { quota: 'artifact_bytes', used: 60, limit: 100 },
    });
    await expect(api.core.blobs.get(`artifacts/${id}/two`)).rejects.toMatchObject({ code: 'not_found' });
    await put(name, id, 'two', 10);
    await expect(put(name, id, 'three', 1)).rejects.toMatchObject({
      code: 'quota',
      details: { quota: 'artifacts', used: 2, limit: 2 },
    });
    expect(await usageOf(name)).toMatchObject({ artifacts: 2, artifact_bytes: 70 });
    await ask('POST', `/api/v1/jobs/${id}/cancel`, token, {});
    expect((await ask('DELETE', `/api/v1/jobs/${id}`, token)).status).toBe(204);
    expect(await usageOf(name)).toMatchObject({ artifacts: 0, artifact_bytes: 0 });
  });

  it('refuse an archive of a device lab in its own words', async () => {
    const { name } = await project({ artifact_bytes: 100 });
    const token = await mint({ client_id: 'owner', role: 'submitter', project: name });
    const ref = (
      await ask('POST', '/v1/job', token, { job_queue: 'lab', test_data: { attachments: [{ agent: 'data' }] } })
    ).json['job_id'] as string;
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(200)]), 'attachments.tar.gz');
    const response = await fetch(`${api.url}/v1/job/${ref}/attachments`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: form,
    });
    expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
      507,
      expect.stringContaining('quota artifact_bytes of 100'),
    ]);
    expect((await usageOf(name)).artifact_bytes).toBe(0);
  });
});

describe('the quota of series', () => {
  it('refuses a counter that is new with the envelope of the metric proxy, and goes on with those that are known', async () => {
    const pusher = await mint({ client_id: 'pusher', role: 'submitter' });
    const push = (key: string): Promise<Answer> => ask('GET', `/push?key=${key}&doc=d`, pusher);
    expect((await push('quota_first_total')).status).toBe(200);
    const used = (await usageOf('default')).series;
    expect(used).toBeGreaterThan(0);
    await quotasOf('default', { series: used });
    const refused = await push('quota_second_total');
    expect([refused.status, refused.json['success']]).toEqual([507, false]);
    expect(refused.text).toContain(`quota series of ${used}`);
    expect((await push('quota_first_total')).status).toBe(200);
    expect((await ask('GET', '/accumulate?key=quota_first_total&value=2', pusher)).status).toBe(200);
    await quotasOf('default', { series: null });
    expect((await push('quota_second_total')).status).toBe(200);
  });
});

describe('projects with their quotas', () => {
  it('are seen whole by operators, and by a member its own alone', async () => {
    const { name, token } = await project({ waiting_jobs: 7 });
    const names = async (who: string): Promise<string[]> =>
      ((await ask('GET', '/api/v1/projects', who)).json['projects'] as { name: string }[]).map((one) => one.name);
    expect(await names(operator)).toEqual(expect.arrayContaining([name, 'default']));
    expect(await names(token)).toEqual([name]);
    expect((await ask('GET', `/api/v1/projects/${name}/quotas`, token)).json).toMatchObject({
      quotas: { waiting_jobs: 7 },
      own: ['waiting_jobs'],
    });
    expect((await ask('GET', '/api/v1/projects/default/quotas', token)).status).toBe(404);
    expect((await ask('PUT', `/api/v1/projects/${name}/quotas`, token, { waiting_jobs: 0 })).status).toBe(403);
    const metrics = await ask('GET', '/metrics', token);
    expect(metrics.text).toContain(`drover_project_quota{project="${name}",quota="waiting_jobs"} 7`);
    expect(metrics.text).not.toContain('project="default"');
  });

  it('change with a trace in the trail, and go back to the settings', async () => {
    const { name } = await project({ series: 3 });
    expect((await quotasOf(name, { series: null })).json).toMatchObject({ own: [], quotas: { series: 1_000_000 } });
    const { entries } = (await ask('GET', `/api/v1/audit?kind=project&object=${name}`, operator)).json as {
      entries: Record<string, unknown>[];
    };
    expect(entries[0]).toMatchObject({ actor: 'olga', action: 'project.quotas', before: { series: 3 }, after: {} });
    expect((await quotasOf(name, { series: -1 })).status).toBe(422);
  });
});
