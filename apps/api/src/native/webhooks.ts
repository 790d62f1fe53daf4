import type { QueryService } from '@drover/jobs';
import type { Writer } from '@drover/notifications';
import type { WebhookPayloadDto } from './dto/delivery.dto.js';
import { fromJob } from './translate.js';

/** Writes the webhooks of native jobs: the event, and the job as it is when they are sent. */
export const nativeWebhooks = (query: QueryService): Writer => ({
  async write({ id, event, created_at, job_id }) {
    const job = job_id === null ? null : await query.find(job_id);
    if (!job) return null;
    const body: WebhookPayloadDto = { id, event: `job.${event}`, at: created_at.toISOString(), job: fromJob(job) };
    return { body: { ...body } };
  },
});
