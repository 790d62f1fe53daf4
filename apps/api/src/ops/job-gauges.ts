import type { JobSeriesService } from '@drover/metrics';
import { agentsByState, liveJobs, queueDepth, queueOldest, recordUp } from '@drover/telemetry';

/** Queue names clients invent; only so many become labels. */
const MAX_QUEUES = 100;
const OTHER = 'other';

/** Sets the gauges of jobs and agents from the record. */
export async function setJobGauges(series: JobSeriesService): Promise<void> {
  for (const gauge of [liveJobs, queueDepth, queueOldest, agentsByState]) gauge.reset();
  recordUp.set(0);
  const { live, agents } = await series.current();
  recordUp.set(1);
  const totals = new Map<string, number>();
  for (const { queue, n } of live) totals.set(queue, (totals.get(queue) ?? 0) + n);
  const shown = new Set(
    [...totals]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MAX_QUEUES)
      .map(([queue]) => queue),
  );
  const oldest = new Map<string, number>();
  for (const row of live) {
    const queue = shown.has(row.queue) ? row.queue : OTHER;
    liveJobs.inc({ queue, state: row.state }, row.n);
    if (row.state !== 'queued') continue;
    queueDepth.inc({ queue }, row.n);
    oldest.set(queue, Math.max(oldest.get(queue) ?? 0, row.oldest_s ?? 0));
  }
  for (const [queue, seconds] of oldest) queueOldest.set({ queue }, seconds);
  for (const { kind, state, n } of agents) agentsByState.set({ kind, state }, n);
}
