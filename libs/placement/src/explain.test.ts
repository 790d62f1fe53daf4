import { describe, expect, it } from 'vitest';
import type { Agent, Resources } from '@drover/domain';
import type { StoredJob } from '@drover/jobs';
import { explainPlacement } from './explain.js';

const agent = (name: string, more: { cpus?: number; full?: boolean; queues?: string[] } = {}): Agent => ({
  id: name,
  name,
  kind: 'worker',
  state: 'online',
  queues: more.queues ?? ['default'],
  slots: 4,
  slots_free: 4,
  boot_id: 'b',
  registered_at: new Date(),
  last_seen_at: new Date(),
  facts: {
    hostname: name,
    version: '0',
    os: 'linux',
    cpus: more.cpus ?? 4,
    memory_mb: 8_000,
    gpus: [],
    labels: {},
    executors: ['process'],
  },
  payload: more.full ? { blocked_by: 'disk_full' } : {},
});
const explain = (resources: Resources, agents: Agent[]): string[][] =>
  explainPlacement({ dispatch: 'placed', queue: 'default', spec: { resources } } as StoredJob, agents).map(
    ({ code, message, remedy }) => [code, message, ...(remedy === null ? [] : [remedy])],
  );

describe('why a job with demands waits', () => {
  it('names the nodes whose disks are full when no other could run it, and does not call that impossible', () => {
    expect(
      explain({ cpus_per_task: 2 }, [
        agent('a', { full: true }),
        agent('b', { full: true }),
        agent('small', { cpus: 1 }),
      ]),
    ).toEqual([
      [
        'disk_full',
        'The disks of all workers of default that could run it are full (a, b): they take no jobs until there is room.',
        'Free space on the data folder of a, b, or add a worker.',
      ],
    ]);
  });

  it('says both where some are full and the others have no room', () => {
    expect(explain({ cpus_per_task: 2 }, [agent('a', { full: true }), agent('b')])).toMatchObject([
      [
        'disk_full',
        'The disks of 1 of the 2 workers of default that could run it are full (a): they take no jobs until there is room.',
        expect.any(String),
      ],
      ['waits_for_room', 'It waits for room on a node: 2 CPUs.'],
    ]);
  });

  it('a gang that is too large without the full nodes waits for their disks', () => {
    const nodes = [agent('a', { full: true }), agent('b'), agent('c')];
    expect(explain({ nodes: 3 }, nodes).map(([code]) => code)).toEqual(['disk_full']);
    expect(explain({ nodes: 2 }, nodes).map(([code]) => code)).toEqual(['disk_full', 'waits_for_room']);
  });

  it('says nothing of the disk of a node that could not run it, or serves other queues', () => {
    expect(
      explain({ cpus_per_task: 2 }, [
        agent('small', { cpus: 1, full: true }),
        agent('elsewhere', { queues: ['other'], full: true }),
        agent('b'),
      ]),
    ).toEqual([['waits_for_room', 'It waits for room on a node: 2 CPUs.']]);
    expect(explain({ cpus_per_task: 9 }, [agent('a', { full: true })]).map(([code]) => code)).toEqual(['impossible']);
  });
});
