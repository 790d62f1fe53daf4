import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../lib/broker.js';
import { Missing } from '../lib/missing.js';
import { percentile, type Row } from '../lib/numbers.js';
import { demandInstalled, type Peer, type RunningPeer } from '../peers/peer.js';
import { celery, rq, sidekiq } from '../peers/redis-peers.js';
import { slurm } from '../peers/slurm.js';
import { starts } from './latency.js';
import type { Floor, Measure, Opened, Terms } from './measure.js';
import { openJobs, SLOTS } from './true-jobs.js';

const PEERS: readonly Peer[] = [celery, sidekiq, rq, slurm];
const GAP_MS = 500;

/** Every side is to be busy for as long, however fast it is: a few jobs say how many that are. */
async function timed(rate: (jobs: number) => Promise<number>, { quick }: Terms): Promise<number> {
  const few = quick ? 16 : 64;
  const first = few / (await rate(few));
  if (quick) return first;
  const jobs = Math.round(Math.min(10_000, Math.max(few, first * 8)));
  return jobs / (await rate(jobs));
}

const rows = (perSecond: number, times: number[]): Row[] => [
  { name: `true jobs, submit to last result, ${SLOTS} slots`, value: perSecond, unit: '/s' },
  { name: `submit to running process, every ${GAP_MS} ms: p50`, value: percentile(times, 50), unit: 'ms' },
  { name: `submit to running process, every ${GAP_MS} ms: max`, value: Math.max(...times), unit: 'ms' },
];

const runsOf = ({ quick }: Terms): number => (quick ? 3 : 20);

/** Seconds from the first submit until the last has ended. */
async function rate(broker: Broker, jobs: number): Promise<number> {
  const start = performance.now();
  await broker.json('POST', '/api/v1/jobs/batch', {
    jobs: Array.from({ length: jobs }, () => ({ queue: 'default', command: ['/bin/true'] })),
  });
  while ((await openJobs(broker, 'default')) > 0) await sleep(20);
  return (performance.now() - start) / 1_000;
}

const floorOf =
  (running: RunningPeer): Floor =>
  async (_, terms) =>
    rows(await timed((jobs) => running.rate(jobs), terms), await running.starts(runsOf(terms), GAP_MS));

/** The peers that are installed, each in a folder of its own. */
async function open(_: readonly Broker[], terms: Terms): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-peers-'));
  const floors: Record<string, Floor> = {};
  const running: RunningPeer[] = [];
  const notes: string[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((peer) => peer.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const peer of PEERS) {
      try {
        demandInstalled(peer);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        notes.push(error.message);
        continue;
      }
      const own = join(folder, peer.name.toLowerCase());
      mkdirSync(own);
      const started = await peer.start({ folder: own, slots: SLOTS, fsync: terms.fsync });
      running.push(started);
      floors[peer.name] = floorOf(started);
      notes.push(`${peer.name}: ${peer.note}.`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { floors, rivals: true, notes, close };
}

/** Side by side with what a user would take instead. */
export const peers: Measure = {
  about: 'side by side with Celery, Sidekiq, RQ and Slurm, where they are installed',
  whenAsked: true,
  open,
  ours: async (broker, terms) =>
    rows(
      await timed((jobs) => rate(broker, jobs), terms),
      await starts(broker, { gapMs: GAP_MS, runs: runsOf(terms) }),
    ),
};
