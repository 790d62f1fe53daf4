import { foreignCounter } from '@drover/telemetry';
import type { JobDocument } from './schema/job-document.js';

/** Queue names come from clients; further ones are counted together. */
const MAX_QUEUES = 500;
const OTHERS = 'others';

const jobs = foreignCounter('testflinger_jobs_total', 'Jobs submitted', ['queue'] as const);
const reservations = foreignCounter('testflinger_reservations_total', 'Jobs submitted that reserve their device', [
  'queue',
] as const);
const known = new Set<string>();

export function countJob(document: JobDocument): void {
  const { job_queue, reserve_data } = document;
  if (!known.has(job_queue) && known.size < MAX_QUEUES) known.add(job_queue);
  const queue = known.has(job_queue) ? job_queue : OTHERS;
  jobs.inc({ queue });
  if (reserve_data !== undefined) reservations.inc({ queue });
}
