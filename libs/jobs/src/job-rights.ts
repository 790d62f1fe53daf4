import { DroverError, hiddenEnv, jobNotFound, maskedValue, originOnly, type Caller, type Owned } from '@drover/domain';
import type { StoredJob } from '@drover/store';

/** A job as rights are asked about it. */
export const ownedJob = (job: Pick<StoredJob, 'id' | 'project' | 'owner' | 'claimed_by'>): Owned => ({
  kind: 'job',
  id: job.id,
  project: job.project,
  owner: job.owner,
  holder: job.claimed_by,
});

/** Whether a job exists as far as this caller is concerned. Null: the system, which sees every job. */
export const isVisible = (
  caller: Caller | null,
  job: Pick<StoredJob, 'id' | 'project' | 'owner' | 'claimed_by'>,
): boolean => caller === null || caller.mayRead(ownedJob(job));

/**
 * A job as this caller may see it: without standard input, values of the environment, paths of webhooks and
 * secret-looking values for all but its owner, operators and its agent.
 */
export function asSeen<J extends StoredJob>(caller: Caller | null, job: J): J {
  if (caller === null || caller.mayReadSecrets(ownedJob(job))) return job;
  const { stdin: _, env, webhooks, ...spec } = job.spec;
  return {
    ...job,
    spec: {
      ...spec,
      ...(env ? { env: hiddenEnv(env) } : {}),
      ...(webhooks
        ? {
            webhooks: webhooks.map(({ url, on, secret, format }) => ({
              url: originOnly(url),
              on,
              ...(format === undefined ? {} : { format }),
              ...(secret === undefined ? {} : { secret: '***' }),
            })),
          }
        : {}),
    },
    metadata: maskedValue(job.metadata) as StoredJob['metadata'],
    payload: maskedValue(job.payload) as Record<string, unknown>,
  };
}

/** Throws `not_found` for a job this caller must not know of, `forbidden` for one it may only look at. */
export function demandControl(
  caller: Caller | null,
  job: Pick<StoredJob, 'id' | 'project' | 'owner' | 'claimed_by'>,
): void {
  if (caller === null) return;
  const owned = ownedJob(job);
  if (!caller.mayRead(owned)) throw jobNotFound(job.id);
  if (!caller.mayControl(owned)) {
    throw new DroverError(
      'forbidden',
      `Job ${job.id} belongs to ${job.owner}; only its owner or an operator may change it.`,
      { job_id: job.id, owner: job.owner },
    );
  }
}
