import { ID, EXECUTION_ID, AT, END } from './common.js';

const overview = {
  at: END,
  queues: [
    {
      name: 'default',
      paused: false,
      pause: null,
      waiting: 3,
      scheduled: 1,
      running: 4,
      oldest_queued_at: AT,
      wait_p50_s: 0.012,
      wait_p95_s: 1.4,
      started: 1_200,
      failed: 7,
      agents: 1,
      slots: 4,
    },
  ],
  nodes: [
    {
      name: 'node-1',
      kind: 'worker',
      state: 'online',
      lost: false,
      blocked_by: null,
      last_seen_at: null,
      queues: ['default'],
      slots: 4,
      gpus: 1,
      taken: [
        {
          slot: 1,
          slots: 1,
          job: {
            job_id: ID,
            execution_id: EXECUTION_ID,
            name: 'nightly',
            owner: 'alice',
            queue: 'default',
            state: 'running',
          },
          since: AT,
          gpus: [0],
        },
      ],
    },
  ],
  needs: {
    failures: [
      {
        sentence: 'It ended with exit code 2.',
        cause: 'exit_code',
        exit_code: 2,
        count: 7,
        queues: ['default'],
        job_id: ID,
        filter: { state: ['failed'], cause: ['exit_code'], exit: 2, finished_after: '1h' },
      },
    ],
    alarms: [],
    nodes: [],
  },
};

const queue = {
  name: 'default',
  paused: true,
  pause: { since: AT, by: 'alice', reason: 'the build server moves' },
  counts: { scheduled: 0, queued: 3, claimed: 0, running: 4, cancelling: 0 },
  oldest_queued_s: 1.5,
  agents: 1,
  slots: 4,
  slots_free: 0,
  projects: [],
};

/** Examples of the shapes of queues, the overview and the timeline. */
export const overviewExamples: Record<string, unknown> = {
  TimelineDto: {
    from: AT,
    to: END,
    nodes: [{ name: 'node-1', slots: 4 }],
    bars: [
      {
        node: 'node-1',
        slot: 1,
        from: AT,
        to: null,
        expected_end: END,
        outcome: 'running',
        job: {
          id: ID,
          execution_id: EXECUTION_ID,
          name: 'nightly',
          owner: 'alice',
          queue: 'default',
          attempt: 1,
          exit_code: null,
          state: 'running',
        },
      },
    ],
    buckets: [],
    lost: [{ node: 'node-2', from: AT, to: null }],
    drained: [{ node: 'node-1', from: AT, to: END }],
    offline: [{ node: 'node-3', from: AT, to: null }],
  },
  OverviewDto: overview,
  OverviewChangeDto: {
    at: END,
    queues: overview.queues,
    queues_gone: ['old'],
    nodes: [],
    nodes_gone: [],
    needs: null,
  },
  PauseQueueDto: { reason: 'the build server moves' },
  QueueDto: queue,
  QueueListDto: { queues: [queue] },
  QueueProjectsDto: { projects: ['payments'] },
};
