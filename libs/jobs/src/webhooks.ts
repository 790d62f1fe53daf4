import { v7 as uuidv7 } from 'uuid';
import type { JobSpec, JobState } from '@drover/domain';
import { NATIVE_WEBHOOK, type NewDelivery } from '@drover/store';

/**
 * The webhooks a job wants when it comes to a state; written in the transaction that brings it there. (Claims are one
 * statement: see the store.)
 */
export function webhooksOf(job: { id: string; spec: JobSpec }, state: JobState): NewDelivery[] {
  return (job.spec.webhooks ?? [])
    .filter(({ on }) => on.includes(state))
    .map(({ url, secret, format }) => ({
      id: uuidv7(),
      job_id: job.id,
      source: 'native',
      kind: 'webhook' as const,
      event: state,
      target: url,
      request: {
        ...(secret === undefined ? {} : { secret }),
        ...(format === undefined ? {} : { format }),
      },
      ...NATIVE_WEBHOOK,
    }));
}
