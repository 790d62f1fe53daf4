import { randomUUID } from 'node:crypto';
import type { Sql } from '@drover/store';
import type { Broker } from './broker.js';

/** The parts that an agent of ours needs to report samples of its running executions. */
export interface SamplingAgent {
  token: string;
  executions: string[];
}

/** Agents that are registered as daemons are, each with so many running jobs in the record. */
export async function samplingAgents(
  broker: Broker,
  sql: Sql,
  agents: number,
  executionsEach: number,
): Promise<SamplingAgent[]> {
  const made: SamplingAgent[] = [];
  for (let n = 0; n < agents; n += 1) {
    const facts = {
      hostname: `sampler-${n}`,
      cpus: 64,
      memory_mb: 262_144,
      gpus: [],
      labels: {},
      executors: ['process'],
      version: 'bench',
    };
    const { agent_id, token } = await broker.json<{ agent_id: string; token: string }>('POST', '/agent/v1/register', {
      name: `sampler-${n}`,
      queues: [`sampled-${n}`],
      slots: executionsEach,
      boot_id: randomUUID(),
      facts,
    });
    const rows = await sql.rows<{ id: string }>(
      `WITH made AS (
         INSERT INTO job (id, queue, owner, dialect, dispatch, spec, state, attempt, epoch, agent_id, node, queued_at, started_at, created_at, updated_at)
         SELECT gen_random_uuid(), 'sampled-${n}', 'me', 'native', 'ticket', '{"command":"true"}', 'running', 1, 1, $1, 'sampler-${n}', now(), now(), now(), now()
         FROM generate_series(1, $2::int) RETURNING id
       ), ran AS (
         INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, spawned_at)
         SELECT gen_random_uuid(), id, 1, 1, $1, 'sampler-${n}', '', 'running', now(), now() FROM made RETURNING id
       ) SELECT id FROM ran`,
      [agent_id, executionsEach],
    );
    await sql.run(`UPDATE job SET execution_id = e.id FROM execution e WHERE e.job_id = job.id AND e.agent_id = $1`, [
      agent_id,
    ]);
    made.push({ token, executions: rows.map((row) => row.id) });
  }
  return made;
}
