import { afterEach, describe, expect, it } from 'vitest';
import { allEnded, executions, job, log, sha256, submitBatch, verifyLog } from '../support/flow.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { Stack } from '../support/stack.js';

interface Kind {
  name: string;
  spec: Record<string, unknown>;
  state: string;
  cause: string | null;
  exit_code?: number | null;
  signal?: string;
  stdout?: string;
}

/** `yes` with a known end: 10 MB of one line. */
const BIG = '0123456789abcde\n'.repeat(655_360);
const BINARY = "printf '\\000\\001\\377\\376'; head -c 4096 /dev/zero";

const KINDS: Kind[] = [
  {
    name: 'ok',
    spec: { command: 'echo out; echo err >&2' },
    state: 'succeeded',
    cause: null,
    exit_code: 0,
    stdout: 'out\n',
  },
  {
    name: 'exit 3',
    spec: { command: 'echo before; exit 3' },
    state: 'failed',
    cause: 'exit_code',
    exit_code: 3,
    stdout: 'before\n',
  },
  {
    name: 'exit 137',
    spec: { command: ['/bin/sh', '-c', 'exit 137'] },
    state: 'failed',
    cause: 'exit_code',
    exit_code: 137,
    stdout: '',
  },
  {
    name: 'killed',
    spec: { command: ['/bin/sh', '-c', 'kill -KILL $$'] },
    state: 'failed',
    cause: 'signal',
    signal: 'SIGKILL',
    stdout: '',
  },
  {
    name: 'time-out',
    spec: { command: 'echo on; exec sleep 60', limits: { runtime_s: 1 } },
    state: 'failed',
    cause: 'timeout',
    stdout: 'on\n',
  },
  {
    name: 'silence',
    spec: { command: 'echo word; exec sleep 60', limits: { silence_s: 1 } },
    state: 'failed',
    cause: 'silence',
    stdout: 'word\n',
  },
  { name: 'bad command', spec: { command: ['/no/such/program'] }, state: 'failed', cause: 'spawn_error', stdout: '' },
  { name: 'binary', spec: { command: BINARY }, state: 'succeeded', cause: null, exit_code: 0 },
  {
    name: '10 MB',
    spec: { command: 'yes 0123456789abcde | head -n 655360' },
    state: 'succeeded',
    cause: null,
    exit_code: 0,
    stdout: BIG,
  },
];
/** How many of each: 1,000 in all; the slow and the large ones are fewer. */
const COUNTS: Record<string, number> = {
  ok: 520,
  'exit 3': 150,
  'exit 137': 60,
  killed: 60,
  'time-out': 40,
  silence: 40,
  'bad command': 60,
  binary: 50,
  '10 MB': 20,
};

let stack: Stack | undefined;
let redis: TestRedis | undefined;
afterEach(async () => {
  await stack?.stop();
  await redis?.stop();
  stack = redis = undefined;
});

describe.each(['redis', 'postgres'])(
  '1,000 jobs of mixed kinds through two workers and two API replicas on %s',
  (backend) => {
    it('end in the right state, with the right cause, exit code and log', async () => {
      if (backend === 'redis') redis = await startRedis();
      stack = await Stack.start({
        apis: 2,
        workers: [{ slots: 8 }, { slots: 8 }],
        ...(redis ? { redisUrl: redis.url } : {}),
      });
      const wanted = KINDS.flatMap((kind) => Array.from({ length: COUNTS[kind.name] ?? 0 }, () => kind));
      expect(wanted).toHaveLength(1_000);
      // Mixed, in an order that is the same each time.
      const order = wanted
        .map((kind, i) => ({ kind, at: (i * 7919) % 1_000 }))
        .sort((a, b) => a.at - b.at)
        .map(({ kind }) => kind);
      const ids = await submitBatch(
        stack,
        order.map((kind) => ({ name: kind.name, ...kind.spec })),
      );
      const ended = await allEnded(stack, ids);

      const wrong: string[] = [];
      for (const [index, id] of ids.entries()) {
        const kind = order[index] as Kind;
        const view = ended.get(id);
        const seen = {
          state: view?.state,
          cause: view?.cause,
          ...(kind.exit_code === undefined ? {} : { exit_code: view?.exit_code }),
          ...(kind.signal ? { signal: view?.signal } : {}),
        };
        const right = {
          state: kind.state,
          cause: kind.cause,
          ...(kind.exit_code === undefined ? {} : { exit_code: kind.exit_code }),
          ...(kind.signal ? { signal: kind.signal } : {}),
        };
        if (JSON.stringify(seen) !== JSON.stringify(right))
          wrong.push(`${kind.name}: ${JSON.stringify(seen)} instead of ${JSON.stringify(right)}`);
      }
      expect(wrong).toEqual([]);
      expect(
        new Set([...ended.values()].filter((view) => view.cause !== 'spawn_error').map((view) => view.node)).size,
      ).toBe(2);

      // Every digest the agent computed from its files; the whole text for a few of each kind.
      for (const kind of KINDS) {
        const mine = ids.filter((_, index) => order[index] === kind);
        for (const [index, id] of mine.entries()) {
          const [execution, ...more] = await executions(stack, id);
          expect(more, kind.name).toEqual([]);
          expect(execution?.log_complete, `${kind.name} ${id}`).toBe(true);
          if (kind.stdout !== undefined) expect(execution?.stdout_sha256, kind.name).toBe(sha256(kind.stdout));
          if (index < 3) {
            await verifyLog(stack, id);
            const text = await log(stack, id);
            if (kind.stdout !== undefined) expect(text.equals(Buffer.from(kind.stdout)), kind.name).toBe(true);
            else expect(sha256(text)).toBe(execution?.stdout_sha256);
          }
        }
      }
      const binary = ids[order.findIndex((kind) => kind.name === 'binary')] as string;
      expect((await log(stack, binary)).subarray(0, 4)).toEqual(Buffer.from([0, 1, 255, 254]));
      expect((await job(stack, ids[order.findIndex((kind) => kind.name === 'bad command')] as string)).state).toBe(
        'failed',
      );
    }, 600_000);
  },
);
