/*
 * A history as it would have come about: what jobs of each dialect leave in the record, in the proportions of a site
 * that runs mostly native jobs. `n` numbers the jobs from 1; every choice is made from it, so two histories are alike.
 */

/** The jobs $1 + 1 to $2 of a history of $3 jobs that ended over $4 days, with the ids of their executions. */
export const CHUNK = `CREATE TEMP TABLE chunk ON COMMIT DROP AS
  SELECT n, uuidv7(at - now()) AS id, uuidv7(at - now() + interval '1 second') AS execution_id, at,
    CASE WHEN n % 20 < 15 THEN 'native' WHEN n % 20 < 17 THEN 'hpc' WHEN n % 20 = 17 THEN 'fastlane'
      WHEN n % 20 = 18 THEN 'testflinger' ELSE 'flux' END AS dialect,
    n % 20 IN (15, 16) AS observed,
    CASE WHEN n % 10000 = 3 THEN 'rare' ELSE 'q-' || n % 20 END AS queue,
    'owner-' || n % 50 AS owner,
    'node-' || n % 100 AS node,
    CASE WHEN n % 50 = 0 THEN 'failed' WHEN n % 100 = 1 THEN 'cancelled' WHEN n % 500 = 2 THEN 'expired' ELSE 'succeeded'
      END AS state,
    '/usr/bin/make --directory /srv/build target-' || n % 5000 AS command
  FROM (
    SELECT n, now() - interval '1 hour' - ($3::bigint - n) * ($4::int * interval '1 day' / $3::bigint) AS at
    FROM generate_series($1::bigint + 1, $2::bigint) AS n
  ) one`;

const ENDED_BY = `CASE state WHEN 'failed' THEN 'exit_code' WHEN 'cancelled' THEN 'cancelled' WHEN 'expired' THEN 'expired' END`;

/** The statements that give each table its part of a chunk, in the order of their references. */
export const TABLES: readonly string[] = [
  `INSERT INTO job (id, queue, name, owner, dialect, dispatch, spec, payload, tags, priority, state, cause, exit_code,
    epoch, node, execution_id, created_at, queued_at, claimed_at, started_at, finished_at, updated_at)
  SELECT id, queue, CASE WHEN n % 3 = 0 THEN 'nightly build ' || n END, owner, dialect,
    CASE WHEN observed THEN 'observed' WHEN dialect = 'testflinger' THEN 'pull' ELSE 'ticket' END,
    jsonb_build_object('command', command, 'limits', jsonb_build_object('runtime_s', 3600)),
    CASE WHEN observed THEN jsonb_build_object('nodes', jsonb_build_array(node)) ELSE '{}' END,
    CASE WHEN n % 3 = 0 THEN ARRAY['build', 'tag-' || n % 1000] ELSE '{}' END,
    0, state, ${ENDED_BY}, CASE state WHEN 'failed' THEN 2 WHEN 'succeeded' THEN 0 END,
    CASE WHEN state = 'expired' OR observed THEN 0 ELSE 1 END,
    CASE WHEN state <> 'expired' AND NOT observed THEN node END,
    CASE WHEN state <> 'expired' AND NOT observed THEN execution_id END,
    at - interval '9 seconds', at - interval '9 seconds', at - interval '8 seconds',
    CASE WHEN state <> 'expired' THEN at - interval '7 seconds' END, at, at
  FROM chunk ORDER BY n`,
  `INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, cause, exit_code, claimed_at,
    spawned_at, exited_at, finished_at, stdout_bytes, log_complete)
  SELECT execution_id, id, 1, 1, '00000000-0000-7000-8000-000000000001', node, 'boot', 'ended', ${ENDED_BY},
    CASE state WHEN 'failed' THEN 2 WHEN 'succeeded' THEN 0 END, at - interval '8 seconds', at - interval '7 seconds', at,
    at, CASE WHEN n % 4 = 0 THEN 400 ELSE 0 END, true
  FROM chunk WHERE state <> 'expired' AND NOT observed ORDER BY n`,
  `INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data)
  SELECT execution_id, 'stdout', 0, 400, 0, at, decode(repeat(md5(n::text), 4), 'hex')
  FROM chunk WHERE state <> 'expired' AND NOT observed AND n % 4 = 0 ORDER BY n`,
  `INSERT INTO event (tx, job_id, queue, type, at, data)
  SELECT pg_current_xact_id(), id, queue, 'job.' || told.state, at - told.before,
    jsonb_build_object('state', told.state, 'dialect', dialect)
  FROM chunk
  CROSS JOIN LATERAL (VALUES
    ('queued', interval '9 seconds'), ('claimed', interval '8 seconds'), ('running', interval '7 seconds'),
    (chunk.state, interval '0')
  ) AS told(state, before)
  ORDER BY n, told.before DESC`,
  `INSERT INTO audit (at, actor, role, action, kind, object_id, project, after)
  SELECT at - interval '9 seconds', owner, 'submitter', 'job.submit', 'job', id::text, 'default',
    jsonb_build_object('queue', queue, 'owner', owner, 'dialect', dialect)
  FROM chunk ORDER BY n`,
  `INSERT INTO profile (jobid, command, description, queue, owner, node, outcome, wall_s, summary, finished_at)
  SELECT id::text, command, jsonb_build_object('jobid', id, 'command', command, 'size', 1, 'nodelist', node,
      'partition', '', 'cluster', '', 'run_dir', '', 'start_time', 0, 'end_time', 7),
    queue, owner, node, state, 7,
    '{"wall_s": 7, "cpu_seconds": 3, "peak_memory_bytes": 1048576, "read_bytes": null, "write_bytes": null, "samples": 7}', at
  FROM chunk WHERE state <> 'expired' AND n > $1::bigint ORDER BY n`,
  `INSERT INTO job_usage (job_id, cpu_percent, memory_bytes, last_sample_at, sample_count, cpu_count, cpu_sum, cpu_max, memory_max)
  SELECT id, 50, 1048576, at, 7, 7, 350, 90, 2097152
  FROM chunk WHERE state <> 'expired' AND n % 2 = 0 ORDER BY n`,
  `INSERT INTO external_ref (dialect, external_id, job_id)
  SELECT dialect, dialect || '-' || n, id
  FROM chunk WHERE dialect IN ('hpc', 'flux', 'testflinger') ORDER BY n`,
  `INSERT INTO job_trail (job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot, project)
  SELECT id, dialect || '-' || n, 'create', at, owner, 'slurm-prolog', 'c-' || n, jsonb_build_object('state', state), 'default'
  FROM chunk WHERE observed ORDER BY n`,
  `INSERT INTO idempotency_key (owner, key, body_hash, job_id, created_at)
  SELECT owner, 'key-' || n, md5(n::text), id, at
  FROM chunk WHERE n % 10 = 0 ORDER BY n`,
  `INSERT INTO delivery (id, job_id, source, kind, event, target, state, tries, max_tries, backoff_min_ms, backoff_factor,
    due_at, created_at, done_at)
  SELECT gen_random_uuid(), id, 'native', 'webhook', 'ended', 'https://ci.example/hook', 'delivered', 1, 10, 1000, 2, at, at, at
  FROM chunk WHERE n % 100 = 0 ORDER BY n`,
  `INSERT INTO artifact (job_id, path, execution_id, size, sha256, content_type, blob_key, created_at)
  SELECT id, 'report.xml', execution_id, 1000, md5(n::text) || md5(n::text), 'application/xml', 'history/' || id, at
  FROM chunk WHERE n % 50 = 7 AND state <> 'expired' AND NOT observed ORDER BY n`,
  `INSERT INTO task (task_id, words)
  SELECT DISTINCT 'task-' || n % 500, ARRAY['task', (n % 500)::text]
  FROM chunk WHERE dialect = 'fastlane'
  ON CONFLICT DO NOTHING`,
  `WITH made AS (
    INSERT INTO task_job (task_id, job_id, owner, details, enqueued_id, created_at, modified_at)
    SELECT 'task-' || n % 500, gen_random_uuid(), owner, '{}', id, at, at
    FROM chunk WHERE dialect = 'fastlane' ORDER BY n
    RETURNING task_id, job_id, enqueued_id
  ),
  counted AS (
    UPDATE task SET jobs_count = jobs_count + m.n
    FROM (SELECT task_id, count(*) AS n FROM made GROUP BY task_id) m
    WHERE m.task_id = task.task_id
  )
  INSERT INTO task_execution (id, task_id, job_id, image, command, origin, created_at, settled)
  SELECT c.id, m.task_id, m.job_id, 'debian', c.command, 'now', c.at, true
  FROM made m JOIN chunk c ON c.id = m.enqueued_id ORDER BY c.n`,
];
