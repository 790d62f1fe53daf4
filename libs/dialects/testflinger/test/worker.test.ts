import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../../../../test/access/support.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Stack } from '../../../../test/support/stack.js';
import { Session } from '../../../../test/support/testflinger-client.js';

const run = promisify(execFile);

/** Jobs of this API on a real worker process, from submit to the archive. */
describe("a Testflinger job on Drover's own worker", () => {
  let stack: Stack;
  let http: Session;
  beforeAll(async () => {
    stack = await Stack.start({
      env: { DROVER_JWT_SIGNING_KEY: JWT_KEY },
      workers: [{ name: 'node-1', queues: 'lab', slots: 2 }],
    });
    http = new Session(stack.url);
  }, 120_000);
  afterAll(() => stack.stop());

  const ended = (id: string): Promise<Record<string, any>> =>
    expectEventually(
      async () => {
        const { json } = await http.get(`/v1/result/${id}`);
        if (json.job_state !== 'complete' && json.job_state !== 'cancelled') throw new Error(JSON.stringify(json));
        return json as Record<string, any>;
      },
      { withinMs: 45_000, everyMs: 200, what: `the end of ${id}` },
    );

  it('finds the worker among the agents of its queue, so that the command line submits', async () => {
    expect((await http.get('/v1/queues/lab/agents')).json).toEqual([
      expect.objectContaining({ name: 'node-1', state: 'waiting', queues: ['lab'] }),
    ]);
  });

  it('runs its phases in order, with the codes and the output of each', async () => {
    const id = await http.submit({
      job_queue: 'lab',
      provision_data: { url: 'http://images.example/x' },
      test_data: {
        test_cmds:
          'echo "it\'s $AGENT_NAME"\necho to stderr >&2\nmkdir artifacts && echo kept > artifacts/file\nexit 3',
      },
      allocate_data: { allocate_cmds: ['echo one', 'false', 'echo "two \'quoted\'"'] },
      cleanup_data: { cleanup_cmds: 'echo swept' },
    });
    const result = await ended(id);
    expect(result).toMatchObject({ job_state: 'complete', test_status: 3, allocate_status: 4, cleanup_status: 0 });
    expect(result['provision_output']).toContain('No provision_command configured, skipping...');
    expect(result['provision_status']).toBeUndefined();
    expect(result['setup_output']).toBeUndefined();
    expect(result['test_output']).toContain("it's node-1\nto stderr\n");
    expect(result['allocate_output']).toContain('Running: echo one\none\nRunning: false\nCommand failed, rc=1\n');
    expect(result['allocate_output']).toContain("two 'quoted'\n");
    expect(result['cleanup_output']).toContain('swept\n');
    expect(result['test_output']).not.toContain('swept');
    const log = (await http.get(`/v1/result/${id}/log/output`)).json.output;
    expect(log.test.log_data).toBe(result['test_output']);
    const next =
      Math.max(
        ...Object.values(log as Record<string, { last_fragment_number: number }>).map(
          (phase) => phase.last_fragment_number,
        ),
      ) + 1;
    expect((await http.get(`/v1/result/${id}/log/output?start_fragment=${next}`)).json.output.test).toEqual({
      last_fragment_number: -1,
      log_data: '',
    });
    // The archive of artifacts/, as an agent would have sent it.
    const folder = mkdtempSync(join(tmpdir(), 'drover-artifact-'));
    const archive = await expectEventually(async () => {
      const got = await http.bytes(`/v1/result/${id}/artifact`);
      if (got.status !== 200) throw new Error(String(got.status));
      return got.bytes;
    });
    writeFileSync(join(folder, 'a.tgz'), archive);
    expect((await run('tar', ['-xzOf', join(folder, 'a.tgz'), 'artifacts/file'])).stdout).toBe('kept\n');
    rmSync(folder, { recursive: true });
    const native = await fetch(`${stack.url}/api/v1/jobs/${id}`).then(
      (answer) => answer.json() as Promise<Record<string, unknown>>,
    );
    expect(native).toMatchObject({ state: 'failed', exit_code: 3, node: 'node-1' });
    expect((await http.get('/v1/agents/data')).json).toEqual([
      expect.objectContaining({ name: 'node-1', state: 'waiting', job_id: '' }),
    ]);
  });

  it('gets its attachments', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-attach-'));
    await run('mkdir', ['-p', join(folder, 'test')]);
    writeFileSync(join(folder, 'test/data'), 'from afar');
    await run('tar', ['-czf', join(folder, 'a.tgz'), '-C', folder, 'test']);
    const id = await http.submit({
      job_queue: 'lab',
      test_data: { attachments: [{ agent: 'data' }], test_cmds: 'cat attachments/test/data' },
    });
    await http.upload(`/v1/job/${id}/attachments`, readFileSync(join(folder, 'a.tgz')));
    rmSync(folder, { recursive: true });
    expect(await ended(id)).toMatchObject({ test_status: 0, test_output: expect.stringContaining('from afar') });
  });

  it('is seen running, is cancelled, and its killed phase says so', async () => {
    const id = await http.submit({ job_queue: 'lab', test_data: { test_cmds: 'echo begun; sleep 600' } });
    await expectEventually(
      async () => (await http.get(`/v1/result/${id}`)).json.test_output?.includes('begun') ?? false,
      { withinMs: 30_000, everyMs: 100 },
    );
    expect(await http.stateOf(id)).toBe('test');
    expect((await http.get('/v1/queues/lab/agents')).json[0]).toMatchObject({ state: 'test', job_id: id });
    expect((await http.post(`/v1/job/${id}/action`, { action: 'cancel' })).text).toBe('OK');
    expect(await http.stateOf(id)).toBe('cancelled');
    await expectEventually(async () => (await http.get(`/v1/result/${id}`)).json.test_status === 247, {
      withinMs: 30_000,
      everyMs: 200,
    });
  });

  it('has its secrets in the test phase only, and shows them nowhere', async () => {
    const me = new Session(stack.url);
    me.token = await mint({ client_id: 'me' });
    const secret = 'it is "hunter2" $HOME';
    expect((await me.send('PUT', '/v1/secrets/me/lab/password', { value: secret })).status).toBe(200);
    const has = (phase: string) =>
      `[ "\${#LAB_PASSWORD}" = ${secret.length} ] && echo "${phase}: has it" || echo "${phase}: has nothing"`;
    const id = await me.submit({
      job_queue: 'lab',
      setup_data: { setup_cmds: `${has('setup')}; env` },
      // In pieces as well: what the log gets is judged as a whole.
      test_data: {
        secrets: { LAB_PASSWORD: 'lab/password' },
        test_cmds: `${has('test')}; echo "<$LAB_PASSWORD>"; printf %s "\${LAB_PASSWORD%HOME}"; sleep 0.3; echo 'HOME, written in two pieces'; env >&2`,
      },
      cleanup_data: { cleanup_cmds: has('cleanup') },
    });
    const result = await ended(id);
    expect(result).toMatchObject({ setup_status: 0, test_status: 0, cleanup_status: 0 });
    expect(result['setup_output']).toContain('setup: has nothing\n');
    expect(result['test_output']).toContain(
      `test: has it\n<${'*'.repeat(secret.length)}>\n${'*'.repeat(secret.length)}, written in two pieces\n`,
    );
    expect(result['test_output']).toContain(`LAB_PASSWORD=${'*'.repeat(secret.length)}\n`);
    expect(result['cleanup_output']).toContain('cleanup: has nothing\n');
    const everything = await Promise.all(
      [
        `/v1/result/${id}`,
        `/v1/job/${id}`,
        `/jobs/${id}`,
        `/api/v1/jobs/${id}`,
        `/api/v1/jobs/${id}/executions`,
        `/api/v1/jobs/${id}/logs`,
      ].map((path) => me.get(path)),
    );
    for (const { status, text } of everything) {
      expect(status).toBe(200);
      expect(text).not.toContain('hunter2');
    }
    // Masked or not: what is stored is what the worker said its output was.
    expect((await me.get(`/api/v1/jobs/${id}/logs/verify`)).text).toContain('"complete":true,"verified":true');
  });

  it('does not run where the job excludes the worker', async () => {
    const answer = await http.post('/v1/job', {
      job_queue: 'lab',
      exclude_agents: ['node-1'],
      test_data: { test_cmds: 'true' },
    });
    expect(answer.status).toBe(422);
  });
});
