import type { Delivery } from '@drover/store';

/** The media type of a CloudEvent in structured mode. */
export const CLOUD_EVENT = 'application/cloudevents+json; charset=utf-8';

const PREFIX = 'dev.drover';

/**
 * A message as a CloudEvent 1.0 that has it as its data. Its id is that of the delivery, the same over all tries, so
 * that a receiver which has seen source and id together has seen the event.
 */
export function cloudEventOf(
  { id, job_id: jobId, source, event, created_at: at }: Delivery,
  data: Record<string, unknown>,
  eventSource: string,
): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source: eventSource,
    type: `${PREFIX}.${jobId === null ? source : 'job'}.${event}`,
    ...(jobId === null ? {} : { subject: jobId }),
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}
