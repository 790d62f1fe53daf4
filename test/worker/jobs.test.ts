import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestNode } from './support/node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(async () => {
  await node?.close();
});

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

it('runs a command by the shell and tells output, exit code and digests of both streams', async () => {
  const id = await node.api.submit({ command: 'echo out; echo err >&2; exit 3' });
  const seen = await node.ended(id);
  expect(seen.ended).toMatchObject({ ok: false, cause: 'exit_code', exit_code: 3, signal: null });
  expect(seen.stdout.text).toBe('out\n');
  expect(seen.stderr.text).toBe('err\n');
  expect(seen.ended.stdout).toEqual({ bytes: 4, sha256: sha256('out\n') });
  expect(seen.ended.stderr).toEqual({ bytes: 4, sha256: sha256('err\n') });
  expect(seen.ended.first_byte_at).not.toBeNull();
  expect(seen.kinds[0]).toBe('started');
  expect(seen.kinds.at(-1)).toBe('ended');
});

it('executes an argument list as it is, without a shell', async () => {
  const id = await node.api.submit({ command: ['printf', '%s|', '$HOME', 'a b', '*'] });
  const seen = await node.ended(id);
  expect(seen.ended).toMatchObject({ ok: true, cause: null, exit_code: 0 });
  expect(seen.stdout.text).toBe('$HOME|a b|*|');
});

it('keeps exit code 137 and death by SIGKILL apart', async () => {
  const code = await node.api.submit({ command: 'exit 137' });
  const signal = await node.api.submit({ command: 'kill -9 $$' });
  expect((await node.ended(code)).ended).toMatchObject({ cause: 'exit_code', exit_code: 137, signal: null });
  expect((await node.ended(signal)).ended).toMatchObject({ cause: 'signal', exit_code: null, signal: 'SIGKILL' });
});

it.each([
  ['a command that is not there', ['no-such-command-here'], {}, /Command not found: "no-such-command-here"/],
  ['a command that may not be executed', ['/etc/passwd'], {}, /may not be executed/],
  [
    'a working directory that is not there',
    ['true'],
    { workdir: '/no/such/folder' },
    /working directory \/no\/such\/folder does not exist/,
  ],
  ['a working directory outside of the job', ['true'], { workdir: '../../..' }, /leads out of the job's own folder/],
  ['a NUL character in an argument', ['echo', 'a\0b'], {}, /NUL/],
])('says in a sentence why %s could not be started', async (_name, command, more, sentence) => {
  const id = await node.api.submit({ command, ...more });
  const { ended } = await node.ended(id);
  expect(ended).toMatchObject({ ok: false, cause: 'spawn_error', exit_code: null });
  expect(ended.cause_detail).toMatch(sentence);
});

it('gives the job its names, its own working directory, and nothing of the worker', async () => {
  const id = await node.api.submit(
    { command: 'env; pwd', env: { MINE: 'x', DROVER_JOB_ID: 'forged' } },
    { gpus: [0, 2] },
  );
  const seen = await node.ended(id);
  const env = Object.fromEntries(
    seen.stdout.text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const { execution_id } = seen.claimed;
  const work = `${node.spool}/executions/${execution_id}/work`;
  expect(env).toMatchObject({
    DROVER_JOB_ID: id,
    DROVER_EXECUTION_ID: execution_id,
    DROVER_ATTEMPT: '1',
    DROVER_QUEUE: 'default',
    DROVER_NODE: 'node-1',
    DROVER_WORKDIR: work,
    DROVER_API_URL: node.api.url,
    DROVER_TOKEN: `token-of-${id}`,
    DROVER_TASK_RANK: '0',
    DROVER_TASK_SIZE: '1',
    CUDA_VISIBLE_DEVICES: '0,2',
    MINE: 'x',
  });
  expect(env).not.toHaveProperty('DROVER_DATA_DIR');
  expect(env).not.toHaveProperty('DROVER_SLOTS');
  expect(seen.stdout.text.trim().split('\n')).toContain(work);
});

it('feeds standard input, and gives an empty one when there is none', async () => {
  const fed = await node.api.submit({ command: 'cat', stdin: 'line one\nline two' });
  const empty = await node.api.submit({ command: 'cat; echo done' });
  expect((await node.ended(fed)).stdout.text).toBe('line one\nline two');
  expect((await node.ended(empty)).stdout.text).toBe('done\n');
});

it('starts as many tasks as asked, all in one log, the highest exit code winning', async () => {
  const id = await node.api.submit({
    command: 'echo $DROVER_TASK_RANK of $DROVER_TASK_SIZE; exit $DROVER_TASK_RANK',
    resources: { tasks: 3 },
  });
  const seen = await node.ended(id);
  expect(seen.stdout.text.trim().split('\n').toSorted()).toEqual(['0 of 3', '1 of 3', '2 of 3']);
  expect(seen.ended.exit_code).toBe(2);
});

it('passes every byte of binary output', async () => {
  const id = await node.api.submit({ command: 'head -c 300000 /dev/urandom | tee copy; sha256sum < copy >&2' });
  const seen = await node.ended(id);
  expect(seen.stdout.length).toBe(300_000);
  expect(seen.stderr.text.slice(0, 64)).toBe(seen.stdout.sha256);
  expect(seen.ended.stdout).toEqual({ bytes: 300_000, sha256: seen.stdout.sha256 });
});

it('numbers the chunks of both streams in one growing sequence', async () => {
  const id = await node.api.submit({
    command: 'for i in 1 2 3 4 5; do echo $i; sleep 0.05; echo $i >&2; sleep 0.05; done',
  });
  const seen = await node.ended(id);
  expect(seen.stdout.text).toBe('1\n2\n3\n4\n5\n');
  expect(seen.sequences.length).toBeGreaterThan(2);
  expect(seen.sequences).toEqual(seen.sequences.toSorted((a, b) => a - b));
  expect(new Set(seen.sequences).size).toBe(seen.sequences.length);
});

it('shows a line while the job still runs, within a fraction of a second', async () => {
  const id = await node.api.submit({ command: 'date +%s%N; sleep 30' });
  const seen = await node.says(id, '\n');
  const delay = Date.now() - Number(seen.stdout.text.trim()) / 1e6;
  expect(delay).toBeLessThan(500);
  node.api.cancel(id);
  await node.ended(id);
});

it('removes the folder of an ended job, but keeps a working directory that is to stay', async () => {
  const gone = await node.api.submit({ command: 'touch a' });
  const stays = await node.api.submit({ command: 'echo hello > a', keep_workdir: true });
  const first = (await node.ended(gone)).claimed.execution_id;
  const second = (await node.ended(stays)).claimed.execution_id;
  const executions = `${node.spool}/executions`;
  await node.until(() => !readdirSync(executions).includes(first), 'the folder to go');
  await node.until(() => !readdirSync(`${executions}/${second}`).includes('stdout'), 'the output files to go');
  expect(readdirSync(`${executions}/${second}/work`)).toEqual(['a']);
});

it('reads CPU, memory and processes of a whole tree every second', async () => {
  const id = await node.api.submit({
    command: 'sh -c "while :; do :; done" & sh -c "while :; do :; done" & sleep 30',
    limits: { grace_s: 1 },
  });
  await node.until(() => (node.api.of(id)?.samples.length ?? 0) >= 4, 'four samples');
  node.api.cancel(id);
  const { samples } = await node.ended(id);
  const last = samples.at(-1);
  expect(last?.processes).toBeGreaterThanOrEqual(3);
  expect(last?.cpu_percent).toBeGreaterThan(10);
  expect(last?.memory_bytes).toBeGreaterThan(100_000);
  const seconds = samples.map((sample) => sample.cpu_seconds ?? 0);
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
});
