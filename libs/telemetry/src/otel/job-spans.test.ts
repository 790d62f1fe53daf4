import { describe, expect, it } from 'vitest';
import type { Execution, Job } from '@drover/domain';
import { readTraceparent, traceparentOf } from '../trace.js';
import { spansOf } from './job-spans.js';

const at = (s: number): Date => new Date(Date.UTC(2026, 0, 31, 8, 0, s));
const JOB = {
  id: '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55',
  name: null,
  queue: 'default',
  project: 'default',
  dialect: 'native',
  tags: [],
  spec: { command: 'true' },
  state: 'failed',
  cause: 'agent_lost',
  cause_detail: 'It was silent.',
  exit_code: null,
  attempt: 1,
  parent_id: null,
  created_at: at(0),
  queued_at: at(0),
  start_at: null,
  started_at: at(2),
  finished_at: at(20),
} as unknown as Job;
const execution = (epoch: number, from: number, more: Partial<Execution> = {}): Execution =>
  ({
    id: `0198c0de-7b5e-7c5a-9d4b-00000000000${epoch}`,
    epoch,
    attempt: 1,
    node: 'n1',
    cause: null,
    cause_detail: null,
    exit_code: 0,
    signal: null,
    pid: 7,
    container_id: null,
    claimed_at: at(from),
    spawned_at: at(from + 1),
    exited_at: at(from + 3),
    finished_at: at(from + 4),
    ...more,
  }) as Execution;
const told = (job: Job, executions: Execution[]): [string, number, number][] =>
  spansOf(job, executions).map(({ name, start, end }) => [name, start.getUTCSeconds(), end.getUTCSeconds()]);

describe('the spans of a job', () => {
  it('are apart for each execution, with the wait between them, and without an exit nobody saw', () => {
    const lost = execution(1, 1, { exited_at: null, cause: 'agent_lost', cause_detail: 'Silent.' });
    expect(told(JOB, [execution(2, 9), lost])).toEqual([
      ['job', 0, 20],
      ['queue', 0, 1],
      ['start', 1, 2],
      ['run', 2, 5],
      ['queue', 5, 9],
      ['start', 9, 10],
      ['run', 10, 12],
      ['result', 12, 13],
    ]);
    const spans = spansOf(JOB, [lost]);
    expect(spans[0]).toMatchObject({
      traceId: '0198c0de7b5e7c5a9d4b2f6f0a3e1c55',
      error: 'agent_lost: It was silent.',
    });
    expect(spans.find(({ name }) => name === 'run')?.error).toBe('agent_lost: Silent.');
  });

  it('begin with a wait where the job was to start later', () => {
    expect(told({ ...JOB, start_at: at(4), queued_at: at(4) } as Job, [execution(1, 6)]).slice(0, 3)).toEqual([
      ['job', 0, 20],
      ['wait', 0, 4],
      ['queue', 4, 6],
    ]);
  });

  it('have one wait for all executions of a gang', () => {
    const gang = [execution(1, 2), { ...execution(1, 2), id: '0198c0de-7b5e-7c5a-9d4b-000000000009', node: 'n2' }];
    const names = told(JOB, gang).map(([name]) => name);
    expect(names.filter((name) => name === 'queue')).toHaveLength(1);
    expect(names.filter((name) => name === 'run')).toHaveLength(2);
  });

  it('never end before they begin, whatever the clocks of the nodes say', () => {
    const wrong = execution(1, 5, { spawned_at: at(3), exited_at: at(2), finished_at: at(1) });
    for (const { start, end, name } of spansOf(JOB, [wrong])) expect(end >= start, name).toBe(true);
  });
});

describe('a traceparent', () => {
  const FULL = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('is read as W3C Trace Context has it', () => {
    expect(readTraceparent(FULL)).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      flags: 1,
    });
    expect(readTraceparent(traceparentOf(JOB.id, JOB.id))?.traceId).toBe('0198c0de7b5e7c5a9d4b2f6f0a3e1c55');
  });

  it.each([
    undefined,
    '',
    'x',
    FULL.replace('00-', 'ff-'),
    FULL.toUpperCase(),
    FULL.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
    FULL.replace('00f067aa0ba902b7', '0'.repeat(16)),
  ])('counts as none when it is %s', (header) => expect(readTraceparent(header)).toBeNull());
});
