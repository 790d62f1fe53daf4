import { describe, expect, it } from 'vitest';
import type { StoredJob } from '@drover/store';
import { fromJob } from './translate.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
/** A row with every column that the server reads. */
const row: StoredJob = {
  id: '01900000-0000-7000-8000-000000000001',
  queue: 'default',
  name: null,
  owner: 'ada',
  project: 'default',
  dialect: 'native',
  dispatch: 'ticket',
  spec: { command: 'true', env: { TOKEN: 'secret' }, stdin: 'secret' },
  payload: { hidden: 'secret' },
  tags: [],
  metadata: {},
  priority: 0,
  state: 'queued',
  cause: null,
  cause_detail: null,
  exit_code: null,
  signal: null,
  attempt: 1,
  losses: 0,
  epoch: 0,
  dispatch_seq: 1,
  node: null,
  execution_id: null,
  parent_id: null,
  depends_on: [],
  pending_dependencies: 0,
  cron: null,
  start_at: null,
  expires_at: NOW,
  created_at: NOW,
  queued_at: NOW,
  claimed_at: null,
  started_at: null,
  finished_at: null,
  cancel_requested_at: null,
  cancel_reason: null,
  updated_at: NOW,
  seq: '7',
  agent_id: 'secret',
  held: false,
  pinned: false,
  claimed_by: 'secret',
};

describe('a job in lists and events', () => {
  it('shows times as texts, and what a caller asked for', () => {
    expect(fromJob(row)).toMatchObject({ command: 'true', created_at: '2026-01-02T03:04:05.678Z', start_at: null });
  });

  it('shows nothing of its input, its agent and what only the server needs', () => {
    const shown = fromJob(row);
    expect(JSON.stringify(shown)).not.toContain('secret');
    for (const hidden of ['spec', 'payload', 'dispatch', 'dispatch_seq', 'epoch', 'seq', 'held', 'updated_at'])
      expect(Object.keys(shown)).not.toContain(hidden);
  });
});
