import { boundsOf } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import type { MetricsSource } from '@drover/protocol';
import { executionStore, type Sql, type StoredAgent } from '@drover/store';

/**
 * The jobs of a request of which its agent may not tell metrics. A node with a key of its own tells of the jobs that it
 * runs or has run, and of those that are none of Drover's: their names are no UUIDs.
 */
export async function foreignJobs(sql: Sql, agent: StoredAgent, sources: MetricsSource[]): Promise<Set<string>> {
  if (boundsOf(agent) === null) return new Set();
  const jobs = sources.flatMap(({ kind, job }) => (kind === 'job' && job !== undefined && isUuid(job) ? [job] : []));
  const own = await executionStore.jobsOfAgent(sql, agent.id, jobs);
  return new Set(jobs.filter((job) => !own.has(job)));
}
