import { currentCaller } from '@drover/access';
import { isUuid, isVisible } from '@drover/jobs';
import { type Sql } from '@drover/store';
import { labJobStore } from '../record/job.store.js';

/**
 * Which of the jobs that agents name, in what they say of themselves, the caller may know of. For those who are held to
 * a project a job that does not exist (any more) is as one of another project.
 */
export async function visibleRefs(sql: Sql, named: readonly unknown[]): Promise<(ref: unknown) => boolean> {
  const caller = currentCaller();
  if (caller === null || caller.scope === null) return () => true;
  const refs = [...new Set(named.filter((ref) => typeof ref === 'string' && ref !== ''))] as string[];
  const owners = await labJobStore.ownersOf(
    sql,
    refs.map((ref) => ({ ref, id: isUuid(ref) ? ref : null })),
  );
  return (ref) => {
    if (typeof ref !== 'string' || ref === '') return true;
    const job = owners.get(ref);
    return job !== undefined && isVisible(caller, job);
  };
}
