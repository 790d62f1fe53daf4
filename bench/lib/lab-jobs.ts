import type { Sql } from '@drover/store';

const QUEUES = 50;

/**
 * Half of them ended, most of the others waiting, some in a phase; returns the middle one of the waiting ones of a
 * queue.
 */
export async function fillLab(sql: Sql, jobs: number): Promise<string> {
  await sql.run(`INSERT INTO agent (id, name, kind, state, queues, boot_id, registered_at, last_seen_at)
    SELECT gen_random_uuid(), 'rack-' || n, 'pull', 'online', ARRAY['lab-' || n % ${QUEUES}], '', now(), now() FROM generate_series(1, 200) n`);
  await sql.run(
    `INSERT INTO testflinger_agent (name, data) SELECT 'rack-' || n, jsonb_build_object('state', 'waiting', 'queues', jsonb_build_array('lab-' || n % ${QUEUES})) FROM generate_series(1, 200) n`,
  );
  await sql.run(
    `INSERT INTO testflinger_queue (name, description) SELECT 'lab-' || n, 'boards' FROM generate_series(0, ${QUEUES - 1}) n`,
  );
  await sql.run(`INSERT INTO testflinger_wait (queue, seconds, n)
    SELECT 'lab-' || n % ${QUEUES}, floor(-300 * ln(1 - random())), count(*) FROM generate_series(1, ${jobs}) n GROUP BY 1, 2`);
  // Jobs without tickets: the queue engine has no part in what is measured.
  await sql.run(`CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${jobs}) n`);
  await sql.run(`INSERT INTO job (id, queue, owner, dialect, dispatch, spec, payload, tags, state, attempt, epoch, queued_at, created_at, updated_at)
    SELECT id, 'lab-' || n % ${QUEUES}, 'me', 'testflinger', 'pull', '{"command":"true"}', jsonb_build_object('job_queue', 'lab-' || n % ${QUEUES}),
      ARRAY['board-' || n % 1000] || CASE WHEN n % 500 IN (7, 8) THEN ARRAY['nightly'] ELSE '{}'::text[] END,
      CASE WHEN n % 2 = 0 THEN 'succeeded' WHEN n % 200 = 1 THEN 'running' ELSE 'queued' END, 1, 1, now(), now(), now() FROM made ORDER BY n`);
  await sql.run(`INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, phase, claimed_at)
    SELECT gen_random_uuid(), j.id, 1, 1, a.id, a.name, '', 'running', CASE WHEN made.n % 400 = 1 THEN 'provision' ELSE 'test' END, now()
    FROM made JOIN job j USING (id) CROSS JOIN LATERAL (SELECT id, name FROM agent WHERE name = 'rack-' || 1 + made.n % 200) a WHERE j.state = 'running'`);
  await sql.run(
    `UPDATE job SET execution_id = e.id, agent_id = e.agent_id, node = e.node FROM execution e WHERE e.job_id = job.id`,
  );
  await sql.run('ANALYZE');
  const [row] = await sql.rows<{ id: string }>(
    `SELECT id FROM job WHERE queue = 'lab-1' AND state = 'queued' ORDER BY seq OFFSET ${Math.floor(jobs / 120)} LIMIT 1`,
  );
  return row?.id ?? '';
}
