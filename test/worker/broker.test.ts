import { afterEach, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { processesWith } from '../support/processes.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { Stack } from '../support/stack.js';

let stack: Stack | undefined;
let redis: TestRedis | undefined;
afterEach(async () => {
  await stack?.stop();
  await redis?.stop();
  stack = redis = undefined;
});

interface Job {
  id: string;
  state: string;
  cause: string | null;
  exit_code: number | null;
  node: string | null;
  attempt: number;
}
interface Execution {
  id: string;
  epoch: number;
  state: string;
  cause: string | null;
  node: string;
  log_complete: boolean | null;
}

async function submit(body: Record<string, unknown>): Promise<string> {
  const answer = await stack!.request('POST', '/api/v1/jobs', body);
  expect(answer.status).toBe(201);
  return (answer.body as Job).id;
}

async function job(id: string): Promise<Job> {
  return (await stack!.request('GET', `/api/v1/jobs/${id}`)).body as Job;
}

async function executions(id: string): Promise<Execution[]> {
  const { body } = await stack!.request('GET', `/api/v1/jobs/${id}/executions`);
  return (body as { executions: Execution[] }).executions;
}

async function stdout(id: string): Promise<string> {
  return (await stack!.request('GET', `/api/v1/jobs/${id}/logs?stream=stdout`)).body as string;
}

async function inState(id: string, state: string, withinMs = 30_000): Promise<Job> {
  return expectEventually(
    async () => {
      const found = await job(id);
      if (found.state !== state) throw new Error(JSON.stringify(found));
      return found;
    },
    { withinMs, what: `State ${state}` },
  );
}

async function says(id: string, text: string, withinMs = 30_000): Promise<void> {
  await expectEventually(async () => (await stdout(id)).includes(text), { withinMs, what: `"${text}" in the log` });
}

it.each(['redis', 'postgres'])('runs a job over HTTP from end to end, tickets in %s', async (backend) => {
  redis = backend === 'redis' ? await startRedis() : undefined;
  stack = await Stack.start(redis === undefined ? {} : { redisUrl: redis.url });
  const id = await submit({ command: 'echo hello; echo oops >&2; exit 3' });
  expect(await inState(id, 'failed')).toMatchObject({ cause: 'exit_code', exit_code: 3, node: 'node-1' });
  expect(await stdout(id)).toBe('hello\n');
  expect((await executions(id))[0]).toMatchObject({ epoch: 1, state: 'ended', log_complete: true });
});

it('a worker killed with its supervisor alive: the job runs elsewhere, the first execution is lost, no retry is spent', async () => {
  stack = await Stack.start({ workers: 2 });
  const id = await submit({ command: 'echo from $DROVER_NODE; sleep 3; echo end' });
  await says(id, 'from');
  const { node } = await job(id);
  const victim = stack.workers.find((worker) => worker.name === node)!;
  const killedAt = Date.now();
  await victim.kill();
  const moved = await expectEventually(
    async () => {
      const found = await job(id);
      if (found.node === node || found.state !== 'running') throw new Error(JSON.stringify(found));
      return found;
    },
    { withinMs: 40_000, what: 'The job on the other node' },
  );
  expect(Date.now() - killedAt).toBeLessThan(20_000);
  const done = await inState(id, 'succeeded');
  expect(done).toMatchObject({ attempt: 1, node: moved.node });
  expect(
    (await executions(id)).map(({ epoch, cause }) => ({ epoch, cause })).toSorted((a, b) => a.epoch - b.epoch),
  ).toEqual([
    { epoch: 1, cause: 'agent_lost' },
    { epoch: 2, cause: null },
  ]);
}, 120_000);

it('a worker stopped past its lease and let go again: what it sends is refused, its tree is gone, the record is unchanged', async () => {
  stack = await Stack.start({ workers: 2 });
  const id = await submit({
    command: 'trap "" TERM; echo from $DROVER_NODE; i=0; while [ $i -lt 150 ]; do echo $i; sleep 0.1; i=$((i+1)); done',
  });
  await says(id, 'from');
  const { node } = await job(id);
  const [first] = await executions(id);
  const victim = stack.workers.find((worker) => worker.name === node)!;
  victim.signal('SIGSTOP');
  const moved = await expectEventually(
    async () => {
      const found = await job(id);
      if (found.node === node) throw new Error(JSON.stringify(found));
      return found;
    },
    { withinMs: 40_000 },
  );
  victim.signal('SIGCONT');
  await expectEventually(() => processesWith(first!.id).length === 0, {
    withinMs: 5_000,
    what: 'The old tree to be gone',
  });
  expect(await inState(id, 'succeeded', 60_000)).toMatchObject({ node: moved.node });
  const ended = (await executions(id)).find((one) => one.epoch === 1);
  expect(ended).toMatchObject({ cause: 'agent_lost', state: 'ended' });
}, 150_000);

it('the API killed and started again in the middle of a job costs the job nothing', async () => {
  stack = await Stack.start();
  const id = await submit({ command: 'i=0; while [ $i -lt 300 ]; do echo line $i; sleep 0.01; i=$((i+1)); done' });
  await says(id, 'line 20');
  await stack.api.kill();
  stack.api.start();
  await stack.apiReady(stack.api);
  expect(await inState(id, 'succeeded', 60_000)).toMatchObject({ attempt: 1, exit_code: 0 });
  expect(await stdout(id)).toBe(Array.from({ length: 300 }, (_, i) => `line ${i}\n`).join(''));
  expect((await executions(id)).map(({ epoch, log_complete }) => ({ epoch, log_complete }))).toEqual([
    { epoch: 1, log_complete: true },
  ]);
}, 120_000);
