import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { log } from '../../../../test/support/flow.js';
import { IMAGE, Podman, podmanAvailable } from '../../../../test/support/podman.js';
import { processesWith } from '../../../../test/support/processes.js';
import { Registry } from '../../../../test/support/registry.js';
import { Stack } from '../../../../test/support/stack.js';
import { Client } from './client.js';

/** How many containers one test runs, 8 at once. The README has the figures of 200. */
const MANY = Number(process.env['DROVER_TEST_CONTAINERS'] ?? 24);

describe.skipIf(!podmanAvailable())('tasks in containers on a real worker', () => {
  let registry: Registry;
  let podman: Podman;
  let stack: Stack;
  let client: Client;

  beforeAll(async () => {
    registry = await Registry.start();
    podman = await Podman.start({ insecureRegistry: registry.host });
    await registry.fill(podman);
    const logins = join(podman.folder, 'logins.json');
    writeFileSync(
      logins,
      JSON.stringify({
        auths: { [registry.host]: { auth: btoa(`${registry.login.user}:${registry.login.password}`) } },
      }),
    );
    const engine = { DROVER_DOCKER_SOCKET: podman.socket, DROVER_REGISTRY_AUTH_FILE: logins };
    stack = await Stack.start({ workers: [{ slots: 8, env: engine }] });
    client = new Client(stack.url);
  });
  afterAll(async () => {
    await stack?.stop();
    await podman?.stop();
    await registry?.stop();
  });

  const run = (task: string, command: string, more: Record<string, unknown> = {}) =>
    client.enqueue(task, { image: IMAGE, command, ...more });
  const noContainers = (): Promise<void> =>
    expectEventually(async () => expect(await podman.containers()).toEqual([]), {
      withinMs: 20_000,
      what: 'No container',
    });

  it('end as the command does, with both streams apart', async () => {
    const cases = await Promise.all(
      [
        [`echo 'it works'`, { status: 'done', log: 'it works\n', error: '', exitCode: 0 }],
        [`bash -c 'echo "it failed" && exit 123'`, { status: 'failed', log: 'it failed\n', error: '', exitCode: 123 }],
        [
          `bash -c 'qwe'`,
          { status: 'failed', log: '', error: expect.stringMatching(/qwe: command not found\n$/), exitCode: 127 },
        ],
        ['cat /etc/hosts', { status: 'done', log: expect.stringContaining('10.1.2.3\tdb.example') }],
        ['no-such-program', { status: 'failed', exitCode: null, error: expect.stringContaining('no-such-program') }],
      ].map(async ([command, expected]) => ({
        command,
        expected,
        ...(await run('ends', command as string, { additionalDNSEntries: { 'db.example': '10.1.2.3' } })),
      })),
    );
    for (const { path, expected } of cases) {
      const last = await client.lastIs(path, ['done', 'failed']);
      expect(last).toMatchObject(expected as object);
      if (last.exitCode !== null)
        expect(last.metadata).toEqual({
          container_id: expect.stringMatching(/^[0-9a-f]{64}$/),
          docker_host: 'node-1',
          docker_port: 2375,
        });
    }
    await noContainers();
  });

  it('are killed after their grace of 10 s when their program does not listen to TERM', async () => {
    const stopped = await run('stopped', 'sleep 100', { retries: 3 });
    const late = await run('late', 'sleep 60', { timeout: 2 });
    await client.lastIs(stopped.path, 'running');
    expect((await client.get('/status/')).json.containers.running.length).toBeGreaterThanOrEqual(1);
    expect((await client.ask('POST', `${stopped.path}/stop`)).status).toBe(200);
    const job = await client.job(stopped.path);
    expect(job.executions[0]).toMatchObject({
      status: 'failed',
      exitCode: 137,
      error: 'Execution stopped on request.',
    });
    expect([job.metadata.retry_count, job.executionCount]).toEqual([4, 1]);
    const over = await client.lastIs(late.path, 'timedout');
    expect(Date.parse(`${over.finishedAt}Z`) - Date.parse(`${over.startedAt}Z`)).toBeGreaterThanOrEqual(11_500);
    expect(Date.parse(`${over.finishedAt}Z`) - Date.parse(`${over.startedAt}Z`)).toBeLessThan(20_000);
    await noContainers();
  });

  it('fetch their image with the login of its registry, and say how far it is in the log of the job but not in its errors', async () => {
    const { path, executionId } = await run('pulled', 'echo pulled', { image: registry.image });
    await run('pulled', 'echo pulled', { image: registry.image });
    const last = await client.lastIs(path, 'done');
    expect(last).toMatchObject({ log: 'pulled\n', error: '', image: registry.image });
    const progress = (await log(stack, executionId ?? '', 'stderr')).toString();
    expect(progress).toContain(`drover: pulling ${registry.image}\n`);
    expect(progress).toMatch(new RegExp(`drover: pulled ${registry.image} in [0-9.]+ s\n$`));
    const unknown = await run('pulled', 'true', { image: `${registry.host}/test/nothing:1` });
    const failed = await client.lastIs(unknown.path, 'failed');
    expect(failed).toMatchObject({
      exitCode: null,
      error: expect.stringMatching(/^The image .*\/test\/nothing:1 could not be pulled: /),
    });
    expect(JSON.stringify(failed) + progress).not.toContain(registry.login.password);
  });

  it('show their secrets to nobody but themselves', async () => {
    const secret = `sesame-${process.pid}-${Date.now()}`;
    const { path, executionId } = await run('secret', `sh -c 'echo up; while [ ! -e /go ]; do sleep 0.1; done'`, {
      envs: { MY_PASSWORD: secret },
    });
    await client.lastIs(path, 'running');
    const seen = processesWith(secret).map(({ command }) => command);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((command) => !/^(sh -c echo up|sleep 0\.1)/.test(command))).toEqual([]);
    for (const answer of await Promise.all(
      [path, '/status/', `/api/v1/jobs/${executionId}`, `/api/v1/jobs/${executionId}/events`].map((at) =>
        at.endsWith('/events')
          ? stack.request('GET', `/api/v1/jobs/${executionId}/executions`).then((one) => JSON.stringify(one.body))
          : client.get(at).then((one) => one.text),
      ),
    ))
      expect(answer).not.toContain(secret);
    // Nor in any file of broker and worker: logs, records of the spool.
    expect(
      execFileSync('sh', ['-c', `grep -rl -- "$1" "$2" || true`, 'sh', secret, stack.dataDir], { encoding: 'utf8' }),
    ).toBe('');
    await client.ask('POST', `${path}/stop`);
  });

  it(
    `leave no container behind, ${MANY} of them at 8 at once`,
    async () => {
      const began = Date.now();
      const jobs = await Promise.all(
        Array.from({ length: MANY }, (_, at) => run('many', `sh -c 'echo ${at}; exit ${at % 3}'`)),
      );
      for (const [at, { path }] of jobs.entries()) {
        expect(await client.lastIs(path, ['done', 'failed'], 60_000 + MANY * 3_000)).toMatchObject({
          log: `${at}\n`,
          exitCode: at % 3,
        });
      }
      await noContainers();
      if (MANY > 24) process.stdout.write(`${MANY} containers in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
    },
    60_000 + MANY * 3_000,
  );
});
