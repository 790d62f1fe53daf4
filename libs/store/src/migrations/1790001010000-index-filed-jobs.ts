import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';

/**
 * Takes the state of jobs and executions out of all indexes, so that most updates write none (HOT). The rows that are
 * there are filed in small batches, and each index is made beside the running broker: this migration has no
 * transaction, and one that was interrupted begins anew.
 */
export class IndexFiledJobs1790001010000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await fileOldJobs(runner);
    for (const [name, definition] of INDEXES) await replaceIndex(runner, name, definition);
    for (const name of UNUSED) await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
    // Each row of job gets two or three more versions on its page. Dead ones go when so many have gathered, not when a
    // fifth of a history of years has.
    await runner.query(`ALTER TABLE job SET (fillfactor = 70, ${OFTEN})`);
    for (const table of ['execution', 'event', 'log_chunk', 'outbox'])
      await runner.query(`ALTER TABLE ${table} SET (${OFTEN})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const made = INDEXES.map(([name]) => name);
    await runner.query(`DROP INDEX IF EXISTS ${made.join(', ')}`);
    for (const definition of BEFORE) await runner.query(`CREATE INDEX IF NOT EXISTS ${definition}`);
    await runner.query(`ALTER TABLE job SET (fillfactor = 80)`);
    await runner.query(`ALTER TABLE job RESET (${OFTEN.replaceAll(/ = [\d.]+/g, '')})`);
    for (const table of ['execution', 'event', 'log_chunk', 'outbox'])
      await runner.query(`ALTER TABLE ${table} RESET (${OFTEN.replaceAll(/ = [\d.]+/g, '')})`);
  }
}

const OFTEN = `autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02`;

const OPEN = `'scheduled', 'queued', 'claimed', 'running', 'cancelling'`;

const INDEXES: readonly (readonly [name: string, definition: string])[] = [
  ['job_filed', 'ON job (filed_as, seq DESC) WHERE filed_as IS NOT NULL'],
  ['job_ready', `ON job (queue, priority DESC, seq) INCLUDE (queued_at) WHERE filed_as = 'queued'`],
  ['job_due', `ON job (start_at) WHERE filed_as = 'scheduled'`],
  ['job_expiry', `ON job (expires_at) WHERE filed_as IN ('scheduled', 'queued') AND expires_at IS NOT NULL`],
  ['job_cron', `ON job (id) WHERE cron IS NOT NULL AND filed_as = 'scheduled'`],
  ['job_placed', `ON job (priority DESC, seq) WHERE dispatch = 'placed' AND filed_as IN ('queued', 'scheduled')`],
  ['job_observed_open', `ON job (seq) WHERE dispatch = 'observed' AND filed_as IN (${OPEN})`],
  ['job_node', 'ON job (node, seq DESC) WHERE node IS NOT NULL'],
  ['job_tags', `ON job USING gin (tags) WHERE tags <> '{}'`],
  ['execution_open', 'ON execution (agent_id) WHERE finished_at IS NULL'],
  ['event_queue', 'ON event (queue, tx, id)'],
  ['event_ended', `ON event (at) WHERE type IN ('job.succeeded', 'job.failed', 'job.cancelled', 'job.expired')`],
  ['outbox_created', 'ON outbox (created_at)'],
];

/** The indexes that held a state, and those that no statement asks for. */
const UNUSED = ['job_live', 'job_state_seq', 'job_dialect_seq', 'job_claimed_by', 'job_finished', 'event_at'];

const BEFORE = [
  `job_ready ON job (queue, priority DESC, seq) WHERE state = 'queued'`,
  `job_live ON job (queue, state) WHERE state IN (${OPEN})`,
  `job_due ON job (start_at) WHERE state = 'scheduled'`,
  `job_expiry ON job (expires_at) WHERE state IN ('scheduled','queued') AND expires_at IS NOT NULL`,
  `job_state_seq ON job (state, seq DESC)`,
  `job_dialect_seq ON job (dialect, seq DESC)`,
  `job_tags ON job USING gin (tags)`,
  `job_cron ON job (id) WHERE cron IS NOT NULL AND state = 'scheduled'`,
  `job_claimed_by ON job (claimed_by) WHERE claimed_by IS NOT NULL AND state IN ('claimed','running','cancelling')`,
  `job_finished ON job (finished_at DESC) WHERE finished_at IS NOT NULL`,
  `job_placed ON job (priority DESC, seq) WHERE dispatch = 'placed' AND state IN ('queued','scheduled')`,
  `execution_open ON execution (agent_id) WHERE state <> 'ended'`,
  `event_at ON event USING brin (at)`,
];

/** Jobs of before that are filed, found by the index of before. New ones are filed by the trigger. */
async function fileOldJobs(runner: QueryRunner): Promise<void> {
  for (;;) {
    const [, filed] = (await runner.query(`UPDATE job
      SET filed_as = state
      WHERE id IN (
        SELECT id
        FROM job
        WHERE filed_as IS NULL
          AND (
            state IN ('scheduled', 'queued', 'failed', 'cancelled', 'expired')
            OR (dispatch = 'observed' AND state IN ('claimed', 'running', 'cancelling'))
          )
        LIMIT 20000
      )`)) as [unknown, number];
    if (filed === 0) return;
  }
}
