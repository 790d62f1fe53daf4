import { describe, expect, it } from 'vitest';
import { columnsOf } from './entities/columns.js';
import { JobEntity } from './entities/job.entity.js';
import {
  BLANK_JOB,
  JOB_COLUMNS,
  NEW_JOB_COLUMNS,
  PATCH_TYPES,
  sentOf,
  SENT_TYPES,
  type StoredJob,
} from './job.columns.js';

const GIVEN = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  seq: '0',
  queue: 'q',
  owner: 'o',
  dialect: 'native',
  dispatch: 'ticket',
  spec: { command: 'true' },
  state: 'queued',
  created_at: new Date(0),
  updated_at: new Date(0),
} as const;
const job: StoredJob = { ...BLANK_JOB, ...GIVEN };

describe("the job's columns", () => {
  it('are read as they are declared, but for those that only statements look at', () => {
    expect(JOB_COLUMNS.split(', ')).toEqual(
      columnsOf(JobEntity)
        .map((column) => column.name)
        .filter((name) => !['cron_tick_at', 'event_tx', 'filed_as'].includes(name)),
    );
  });

  it('all have a value in a new job that is given what has no default', () => {
    expect(Object.keys(job).sort()).toEqual(JOB_COLUMNS.split(', ').sort());
    expect(Object.values(job)).not.toContain(undefined);
    expect(job).toMatchObject({ name: null, payload: {}, tags: [], attempt: 1, epoch: 0, project: 'default' });
  });

  it('are sent with their types, without what is null', () => {
    expect(SENT_TYPES).toContain('tags text[], metadata jsonb, priority integer');
    expect(SENT_TYPES.split(', ').map((part) => part.split(' ')[0])).toEqual([
      ...NEW_JOB_COLUMNS.split(', '),
      'ticket_id',
      'actor',
      'actor_role',
      'address',
    ]);
    const kept = Object.entries(job).filter(
      ([name, value]) => NEW_JOB_COLUMNS.split(', ').includes(name) && value !== null,
    );
    const plain = JSON.parse(JSON.stringify(Object.fromEntries(kept))) as object;
    expect(JSON.parse(JSON.stringify(sentOf(job, {})))).toEqual(plain);
    expect(JSON.parse(JSON.stringify(sentOf(job, { actor: 'a' })))).toEqual({ ...plain, actor: 'a' });
  });

  it('are changed but for those that a job keeps', () => {
    expect(PATCH_TYPES.get('start_at')).toBe('timestamptz');
    for (const kept of ['id', 'seq', 'dialect', 'epoch', 'event_tx', 'filed_as'])
      expect(PATCH_TYPES.has(kept)).toBe(false);
  });
});
