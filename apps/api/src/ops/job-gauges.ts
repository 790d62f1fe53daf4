import type { JobSeriesService, WorkerSeries } from '@drover/metrics';
import {
  agentsByState,
  liveJobs,
  nodeCpus,
  nodeDiskFree,
  nodeDiskSize,
  nodeLoad,
  nodeMemory,
  nodeSlots,
  nodeSlotsFree,
  nodeUp,
  queueDepth,
  queueOldest,
  recordUp,
} from '@drover/telemetry';

/** Queue names clients invent; only so many become labels. */
const MAX_QUEUES = 100;
const OTHER = 'other';
/** Nodes that become labels, in the order of their names. */
const MAX_NODES = 1_000;
const MIB = 1024 * 1024;
const OF_NODES = [nodeUp, nodeSlots, nodeSlotsFree, nodeCpus, nodeMemory, nodeLoad, nodeDiskFree, nodeDiskSize];

/** Sets the gauges of jobs and agents from the record. */
export async function setJobGauges(series: JobSeriesService): Promise<void> {
  for (const gauge of [liveJobs, queueDepth, queueOldest, agentsByState, ...OF_NODES]) gauge.reset();
  recordUp.set(0);
  const { live, agents, workers } = await series.current();
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
  for (const worker of workers.slice(0, MAX_NODES)) setNodeGauges(worker);
}

/** Sets the gauges of a node. Its load and its free slots are those of its last heartbeat: an offline one has none. */
function setNodeGauges({
  name: node,
  state,
  slots,
  slots_free: free,
  facts,
  cpu_load: load,
  disk,
}: WorkerSeries): void {
  nodeUp.set({ node }, state === 'online' ? 1 : 0);
  if (facts?.cpus !== undefined) nodeCpus.set({ node }, facts.cpus);
  if (facts?.memory_mb !== undefined) nodeMemory.set({ node }, facts.memory_mb * MIB);
  if (state === 'offline') return;
  nodeSlots.set({ node }, slots);
  nodeSlotsFree.set({ node }, free);
  if (load !== null) nodeLoad.set({ node }, load);
  if (disk) {
    nodeDiskFree.set({ node }, disk.free_bytes);
    nodeDiskSize.set({ node }, disk.total_bytes);
  }
}
