import { Gauge, Registry } from 'prom-client';
import { processMetrics, type DeclaredMetric } from './metrics.js';

/*
 * The metrics that a worker serves about itself. They are apart from those of the API, whose gauges would read 0 in a
 * worker. One series each: `instance` says which worker it is.
 */
const registry = new Registry();
const declared: DeclaredMetric[] = [];
function gauge<const L extends string = never>(name: string, help: string, labels: readonly L[] = []): Gauge<L> {
  declared.push({ name: `drover_worker_${name}`, type: 'gauge', help, labels });
  return new Gauge({ name: `drover_worker_${name}`, help, labelNames: labels, registers: [registry] });
}

/** Every metric that a worker serves about itself. */
export const declaredWorkerMetrics = (): readonly DeclaredMetric[] => declared;

const info = gauge('info', 'Always 1; the labels say which worker of which version this is', [
  'node',
  'version',
] as const);
const slots = gauge('slots', 'Jobs this worker runs at once');
const slotsFree = gauge('slots_free', 'Slots without a job');
const executions = gauge('executions', 'Executions that this worker holds');
const reports = gauge('reports_waiting', 'Reports that the API does not have yet');
const reachable = gauge('api_reachable', '1 when the API answered the last request');
const draining = gauge('draining', '1 when this worker takes no more jobs because it was told to stop');
const diskFree = gauge('disk_free_bytes', 'Free bytes of the disk of the data folder');
const diskSize = gauge('disk_size_bytes', 'Bytes of the disk of the data folder');

/** The state of a worker at the moment of a scrape. */
export interface WorkerReading {
  node: string;
  version: string;
  slots: number;
  slotsFree: number;
  executions: number;
  reportsWaiting: number;
  reachable: boolean;
  draining: boolean;
  /** Null: not read yet. */
  disk: { free_bytes: number; total_bytes: number } | null;
}

/** The exposition of a worker: its state, and its process. */
export async function exposeWorker(reading: WorkerReading): Promise<{ contentType: string; body: string }> {
  info.set({ node: reading.node, version: reading.version }, 1);
  slots.set(reading.slots);
  slotsFree.set(reading.slotsFree);
  executions.set(reading.executions);
  reports.set(reading.reportsWaiting);
  reachable.set(reading.reachable ? 1 : 0);
  draining.set(reading.draining ? 1 : 0);
  if (reading.disk) {
    diskFree.set(reading.disk.free_bytes);
    diskSize.set(reading.disk.total_bytes);
  }
  const [process, own] = await Promise.all([processMetrics(), registry.metrics()]);
  return { contentType: registry.contentType, body: process + own };
}
