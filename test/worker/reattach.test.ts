import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processesWith } from '../support/processes.js';
import { TestNode } from './support/node.js';

let node: TestNode;
beforeEach(async () => {
  node = await TestNode.start();
});
afterEach(async () => {
  await node?.close();
});

/** 400 numbered lines in about four seconds. */
const COUNT = 'i=0; while [ $i -lt 400 ]; do echo line $i of the job; i=$((i+1)); sleep 0.01; done; exit 137';
const COUNTED = Array.from({ length: 400 }, (_, i) => `line ${i} of the job\n`).join('');
const isSupervisor = (command: string): boolean => command.startsWith('drover-supervisor');
const jobProcesses = (): number =>
  node.processes().filter(({ command }) => !isSupervisor(command) && !command.includes('main.js')).length;
const supervisorPid = (): number => node.processes().find(({ command }) => isSupervisor(command))?.pid ?? 0;

it('a daemon killed with -9 and started again goes on with its job: same execution, every byte, the exact exit code', async () => {
  const id = await node.api.submit({ command: COUNT });
  await node.says(id, 'line 50');
  const supervisor = supervisorPid();
  await node.worker.kill();
  await wait(500);
  await node.up();
  const { ended, stdout } = await node.ended(id);
  expect(node.api.executions.size).toBe(1);
  expect(supervisorPid()).toBe(supervisor);
  expect(stdout.text).toBe(COUNTED);
  expect(ended).toMatchObject({ cause: 'exit_code', exit_code: 137, signal: null });
  expect(ended.stdout).toEqual({ bytes: COUNTED.length, sha256: createHash('sha256').update(COUNTED).digest('hex') });
  expect(new Set(node.api.registrations.map(({ boot_id }) => boot_id)).size).toBe(1);
});

it('a daemon that hands over (SIGUSR2) leaves at once with code 0, and the next one goes on with its job', async () => {
  const id = await node.api.submit({ command: COUNT });
  await node.says(id, 'line 50');
  const supervisor = supervisorPid();
  node.worker.signal('SIGUSR2');
  expect(await node.worker.exit()).toEqual({ code: 0, signal: null });
  expect(node.worker.log()).toContain('running jobs are left to the next worker');
  expect(node.api.of(id)?.ended).toBeUndefined();
  await node.up();
  const { ended, stdout } = await node.ended(id);
  expect(node.api.executions.size).toBe(1);
  expect(supervisorPid()).toBe(supervisor);
  expect(stdout.text).toBe(COUNTED);
  expect(ended).toMatchObject({ cause: 'exit_code', exit_code: 137, signal: null });
});

it('a job that ended while the daemon was dead is reported as it ended', async () => {
  const id = await node.api.submit({ command: 'echo before; sleep 1; echo after; kill -9 $$' });
  await node.says(id, 'before');
  await node.worker.kill();
  const { execution_id } = node.api.of(id)!.claimed;
  await node.until(() => existsSync(`${node.spool}/executions/${execution_id}/exit.json`), 'exit.json');
  await node.up();
  const { ended, stdout } = await node.ended(id);
  expect(stdout.text).toBe('before\nafter\n');
  expect(ended).toMatchObject({ cause: 'signal', signal: 'SIGKILL', exit_code: null });
  expect(Date.parse(ended.exited_at)).toBeLessThan(Date.now() - 100);
});

it('goes on at the offset the server has, even when that is behind what the daemon remembers', async () => {
  const id = await node.api.submit({ command: COUNT });
  await node.says(id, 'line 50');
  await node.worker.kill();
  // The record lost its last chunks (a restored backup): the answer is a gap, and the sender rewinds.
  const seen = node.api.of(id)!;
  seen.stdout.truncate(20);
  await node.up();
  const { stdout } = await node.ended(id);
  expect(stdout.text).toBe(COUNTED);
});

it('a cancel given while the daemon was dead is carried out when it is back', async () => {
  const id = await node.api.submit({ command: 'echo ready; exec sleep 60' });
  await node.says(id, 'ready');
  await node.worker.kill();
  node.api.cancel(id);
  await node.up();
  expect((await node.ended(id, 5_000)).ended).toMatchObject({ cause: 'cancelled' });
});

it('an execution that the record gave to somebody else while the daemon was dead is ended and its folder removed', async () => {
  const id = await node.api.submit({ command: 'trap "" TERM; echo ready; while :; do sleep 0.1; done' });
  const { claimed } = await node.says(id, 'ready');
  await node.worker.kill();
  node.api.fence(id);
  await node.up();
  await node.until(() => jobProcesses() === 0, 'the tree to go', 5_000);
  await node.until(() => !existsSync(`${node.spool}/executions/${claimed.execution_id}`), 'the folder to go', 5_000);
  expect(node.api.of(id)?.ended).toBeUndefined();
});

it('when no daemon returns within the lease, the supervisor ends every job and itself', async () => {
  const id = await node.api.submit({
    command: 'trap "" TERM; echo ready; setsid sleep 300 & while :; do sleep 0.1; done',
  });
  await node.says(id, 'ready');
  await node.worker.kill();
  const killedAt = Date.now();
  expect(jobProcesses()).toBeGreaterThan(0);
  await node.until(() => node.processes().length === 0, 'everything to go', 20_000);
  expect(Date.now() - killedAt).toBeGreaterThan(8_000);
  expect(Date.now() - killedAt).toBeLessThan(16_000);
  // And when it comes back after all, it tells the record what became of the execution.
  await node.up();
  const { ended, stdout } = await node.ended(id);
  expect(ended).toMatchObject({ ok: false, cause: 'agent_lost' });
  expect(stdout.text).toBe('ready\n');
});

it('a daemon that was stopped past its lease finds its job ended, drops it when told so, and works on', async () => {
  const id = await node.api.submit({ command: 'echo ready; while :; do sleep 0.1; done' });
  const { claimed } = await node.says(id, 'ready');
  const left = supervisorPid();
  node.worker.signal('SIGSTOP');
  await node.until(() => processesWith(claimed.execution_id).length === 0, 'the job to go', 20_000);
  node.api.fence(id);
  node.worker.signal('SIGCONT');
  // An execution handed to the one that left is reported lost, and the broker would run it again.
  await node.until(() => ![0, left].includes(supervisorPid()), 'another supervisor', 20_000);
  const next = await node.api.submit({ command: 'echo next' });
  expect((await node.ended(next)).stdout.text).toBe('next\n');
  expect(node.api.of(id)?.ended).toBeUndefined();
  expect(supervisorPid()).toBeGreaterThan(0);
});

it('a supervisor that is killed takes its jobs along, and is replaced', async () => {
  const id = await node.api.submit({ command: 'trap "" TERM; echo ready; while :; do sleep 0.1; done' });
  const { claimed } = await node.says(id, 'ready');
  process.kill(supervisorPid(), 'SIGKILL');
  const { ended } = await node.ended(id);
  expect(ended).toMatchObject({ ok: false, cause: 'agent_lost' });
  expect(processesWith(claimed.execution_id)).toEqual([]);
  const next = await node.api.submit({ command: 'echo next' });
  expect((await node.ended(next)).stdout.text).toBe('next\n');
});

it('daemon and supervisor killed together: the jobs are ended at the next start and reported lost', async () => {
  const id = await node.api.submit({ command: 'trap "" TERM; echo ready; while :; do sleep 0.1; done' });
  const { claimed } = await node.says(id, 'ready');
  process.kill(supervisorPid(), 'SIGKILL');
  await node.worker.kill();
  expect(jobProcesses()).toBeGreaterThan(0);
  await node.up();
  const { ended, stdout } = await node.ended(id);
  expect(ended).toMatchObject({ ok: false, cause: 'agent_lost' });
  expect(stdout.text).toBe('ready\n');
  expect(processesWith(claimed.execution_id)).toEqual([]);
});

it('a second daemon on the same spool is refused with a sentence, and harms nothing', async () => {
  const id = await node.api.submit({ command: 'echo ready; sleep 2; echo end' });
  await node.says(id, 'ready');
  const second = node.twin();
  second.start();
  expect(await second.exit()).toEqual({ code: 1, signal: null });
  expect(second.log()).toMatch(/Another worker daemon runs on this spool/);
  expect((await node.ended(id)).stdout.text).toBe('ready\nend\n');
});
