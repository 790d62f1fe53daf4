import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Resources } from '@drover/domain';
import { PlacedStarts, silentObserver } from '@drover/jobs';
import { PlacementService } from '@drover/placement';
import { agentStore, jobStore, type StoredAgent } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const bell = { publish: () => undefined };
let jobs: Jobs;
let placement: PlacementService;
beforeEach(async () => {
  jobs = await startJobs();
  placement = new PlacementService(jobs.store, bell, new PlacedStarts(bell, silentObserver), quiet, { patienceMs: 0 });
});
afterEach(async () => {
  await placement.close();
  await jobs.close();
});

const node = (name: string): Promise<StoredAgent> =>
  agentStore.upsert(jobs.store.sql, {
    id: uuidv7(),
    name,
    kind: 'worker',
    state: 'online',
    queues: ['default'],
    slots: 2,
    slots_free: 2,
    boot_id: 'boot',
    token_hash: null,
    payload: {},
    facts: {
      hostname: name,
      version: '0',
      os: 'linux',
      cpus: 2,
      memory_mb: 1_000,
      gpus: [],
      labels: {},
      executors: ['process'],
    },
  });
const beat = (agent: StoredAgent, blocked_by?: 'disk_full') =>
  agentStore.heartbeats(jobs.store.keyed, [{ id: agent.id, slots_free: 2, ...(blocked_by ? { blocked_by } : {}) }]);
const submit = async (resources: Resources): Promise<string> =>
  (await jobs.submits.submit(submission({ spec: { command: 'true', resources } }))).job.id;
const nodeOf = async (id: string): Promise<string | null> => (await jobStore.get(jobs.store.sql, id))?.node ?? null;
const reserved = (agent: StoredAgent): Promise<number> => agentStore.reserved(jobs.store.sql, agent.id);

describe('placement and nodes that take no work', () => {
  it('places nothing on a node whose disk is full, takes another where there is one, and comes back once there is room', async () => {
    const a = await node('a');
    await beat(a, 'disk_full');
    const first = await submit({ exclusive: true });
    expect(await placement.run()).toBe(0);
    expect(await reserved(a)).toBe(0);
    await node('b');
    expect(await placement.run()).toBe(1);
    expect(await nodeOf(first)).toBe('b');
    const second = await submit({ exclusive: true });
    expect(await placement.run()).toBe(0);
    await beat(a);
    expect(await placement.run()).toBe(1);
    expect(await nodeOf(second)).toBe('a');
  });

  it('gives up what it kept on a node whose disk fills, not what runs there', async () => {
    const a = await node('a');
    await submit({ cpus_per_task: 1, memory_mb: 1 });
    expect(await placement.run()).toBe(1);
    expect(await reserved(a)).toBe(1);
    await submit({ exclusive: true });
    expect(await placement.run()).toBe(0);
    expect(await reserved(a)).toBe(2);
    await beat(a, 'disk_full');
    expect(await placement.run()).toBe(0);
    expect(await reserved(a)).toBe(1);
    await beat(a);
    expect(await placement.run()).toBe(0);
    expect(await reserved(a)).toBe(2);
  });
});
