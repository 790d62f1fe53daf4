import { DroverError } from '@drover/domain';
import type { QueryService } from '@drover/jobs';
import type { StoredExecution, StoredJob } from '@drover/store';

/** The execution whose log is asked for: the named one, else the present or last one. Null: the job has not run. */
export async function executionOf(
  query: QueryService,
  job: StoredJob,
  asked: string | undefined,
): Promise<StoredExecution | null> {
  if (!asked) return query.present(job);
  const execution = await query.execution(asked);
  if (execution.job_id !== job.id) throw new DroverError('not_found', `Job ${job.id} has no execution ${asked}.`);
  return execution;
}

/** waiting: has not run. live: more may come. complete, incomplete: of an ended execution. */
export function logStateOf(execution: StoredExecution | null): 'waiting' | 'live' | 'complete' | 'incomplete' {
  if (!execution) return 'waiting';
  if (execution.state !== 'ended') return 'live';
  return execution.log_complete ? 'complete' : 'incomplete';
}
