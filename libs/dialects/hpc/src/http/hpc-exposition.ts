import { Injectable, type OnModuleInit } from '@nestjs/common';
import { currentCaller } from '@drover/access';
import { HPC_STATES, hpcState } from '@drover/dialects/v1-jobs';
import { DEFAULT_PROJECT } from '@drover/domain';
import { Exposition } from '@drover/http';
import { JobSeriesService, type JobSeries, type NodeUse, type WorkerSeries } from '@drover/metrics';
import { HpcCounters } from './hpc-counters.js';

const MB = 1024 * 1024;

const escape = (value: string): string => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

/** Labels in alphabetical order. */
const labels = (pairs: Record<string, string>): string =>
  `{${Object.keys(pairs)
    .sort()
    .map((name) => `${name}="${escape(pairs[name] as string)}"`)
    .join(',')}}`;

/** One family: HELP, TYPE, samples. */
class Family {
  private readonly lines: string[] = [];

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly type: 'gauge' | 'counter' = 'gauge',
  ) {}

  add(pairs: Record<string, string>, value: number): void {
    this.lines.push(`${this.name}${Object.keys(pairs).length === 0 ? '' : labels(pairs)} ${value}`);
  }

  toString(): string {
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} ${this.type}\n${this.lines.map((line) => `${line}\n`).join('')}`;
  }
}

/** Per cent of what the job may use. */
function cpuOf(job: JobSeries): number {
  const { tasks = 1, cpus_per_task = 1 } = job.resources ?? {};
  const cpus = job.observed ? 1 : Math.max(1, tasks * cpus_per_task);
  return Math.round(Math.min(100, Math.max(0, (job.usage?.cpu_percent ?? 0) / cpus)) * 1e4) / 1e4;
}

function runtimeOf(job: JobSeries, now: number): number {
  if (!job.started_at) return 0;
  return Math.max(0, ((job.finished_at?.getTime() ?? now) - job.started_at.getTime()) / 1000);
}

const memoryOf = (job: JobSeries): number => Math.floor((job.usage?.memory_bytes ?? 0) / MB) * MB;

/** The families of the observability service, computed when they are asked for. */
@Injectable()
export class HpcExposition implements OnModuleInit {
  constructor(
    private readonly exposition: Exposition,
    private readonly series: JobSeriesService,
    private readonly counters: HpcCounters,
  ) {}

  onModuleInit(): void {
    this.exposition.contribute('hpc', () => this.render());
  }

  async render(): Promise<string> {
    const { jobs, states, nodes, workers } = await this.series.current();
    const caller = currentCaller();
    const scope = caller?.scope ?? null;
    const inScope = scope === null ? jobs : jobs.filter((job) => job.project === scope);
    const visible = oneOfEach(inScope, caller?.home ?? DEFAULT_PROJECT);
    const now = Date.now();
    const total = new Family('hpc_job_total', 'Jobs created since start', 'counter');
    total.add({}, this.counters.jobsCreated);
    const byState = new Family('hpc_job_state_total', 'Number of jobs in each state');
    for (const word of HPC_STATES)
      byState.add(
        { state: word },
        [...states].reduce((sum, [state, n]) => (hpcState(state) === word ? sum + n : sum), 0),
      );
    const collected = new Family('hpc_exporter_last_collect_timestamp_seconds', 'When these values were collected');
    collected.add({}, now / 1000);
    const shown = jobs.filter((job) => hpcState(job.state) === 'running').length;
    const leftOut = new Family(
      'hpc_exporter_jobs_left_out',
      'Jobs that run and have no series of their own (DROVER_HPC_RUNNING_SERIES_MAX)',
    );
    leftOut.add({}, Math.max(0, nodes.reduce((sum, { n }) => sum + n, 0) - shown));
    return (
      [...jobFamilies(visible, now), byState, total, ...nodeFamilies(nodes, workers), collected, leftOut].join('') +
      this.counters.expose()
    );
  }
}

/**
 * An id is once in its project, and a series once in an answer: of several projects' jobs of one id those are shown
 * that whoever asks would get by that id, the own project's, else the oldest.
 */
function oneOfEach(jobs: JobSeries[], home: string): JobSeries[] {
  const shown = new Map<string, JobSeries>();
  for (const job of jobs) {
    const other = shown.get(job.id);
    if (other === undefined || goesBefore(job, other, home)) shown.set(job.id, job);
  }
  return [...shown.values()];
}

function goesBefore(a: JobSeries, b: JobSeries, home: string): boolean {
  if (a.project !== b.project && (a.project === home || b.project === home)) return a.project === home;
  return a.created_at < b.created_at;
}

function jobFamilies(jobs: JobSeries[], now: number): Family[] {
  const runtime = new Family('hpc_job_runtime_seconds', 'Runtime of the job in seconds');
  const cpu = new Family('hpc_job_cpu_usage_percent', 'Current CPU usage of the job');
  const memory = new Family('hpc_job_memory_usage_bytes', 'Current memory usage of the job in bytes');
  const gpu = new Family('hpc_job_gpu_usage_percent', 'Current GPU usage of the job');
  const devices = {
    utilization: new Family('hpc_job_gpu_device_utilization_percent', 'Utilization of one GPU of the job'),
    memory: new Family('hpc_job_gpu_device_memory_used_bytes', 'Memory used of one GPU of the job'),
    power: new Family('hpc_job_gpu_device_power_watts', 'Power drawn by one GPU of the job'),
    temperature: new Family('hpc_job_gpu_device_temperature_celsius', 'Temperature of one GPU of the job'),
  };
  for (const job of jobs) {
    const pairs = { job_id: job.id, user: job.owner || 'anonymous', node: job.node };
    runtime.add(pairs, runtimeOf(job, now));
    cpu.add(pairs, cpuOf(job));
    memory.add(pairs, memoryOf(job));
    const percent = job.usage?.gpu_percent;
    if (percent !== undefined && percent !== null) gpu.add(pairs, Math.round(percent * 1e4) / 1e4);
    for (const device of job.usage?.gpu_devices ?? []) {
      const of = {
        job_id: job.id,
        node: job.node,
        gpu_vendor: device.vendor,
        gpu_id: device.uuid ?? String(device.index),
      };
      if (device.utilization_percent !== null) devices.utilization.add(of, device.utilization_percent);
      if (device.memory_used_bytes !== null) devices.memory.add(of, device.memory_used_bytes);
      if (device.power_watts !== null) devices.power.add(of, device.power_watts);
      if (device.temperature_celsius !== null) devices.temperature.add(of, device.temperature_celsius);
    }
  }
  return [runtime, cpu, memory, gpu, devices.utilization, devices.memory, devices.power, devices.temperature];
}

function nodeFamilies(nodes: NodeUse[], workers: WorkerSeries[]): Family[] {
  const running = new Map(nodes.filter(({ node }) => node !== '').map((use) => [use.node, use]));
  const cpu = new Family('hpc_node_cpu_usage_percent', 'Mean CPU usage of the jobs that run on the node');
  const memory = new Family('hpc_node_memory_usage_bytes', 'Memory usage of the jobs that run on the node');
  const gpu = new Family('hpc_node_gpu_usage_percent', 'Mean GPU usage of the jobs with GPUs that run on the node');
  const count = new Family('hpc_node_job_count', 'Jobs that run on the node');
  const totalMemory = new Family('hpc_node_total_memory_bytes', 'Memory of the node');
  const totalCpus = new Family('hpc_node_total_cpus', 'CPUs of the node');
  const load = new Family('hpc_node_cpu_load', 'Processes of the node that ran or wanted to, mean of the last minute');
  const state = new Family('hpc_node_state', 'State of the node: 1 = usable, 0 = down or drained');
  for (const [node, use] of running) {
    cpu.add({ node }, use.cpu_percent);
    memory.add({ node }, use.memory_bytes);
    if (use.gpu_percent !== null) gpu.add({ node }, use.gpu_percent);
    count.add({ node }, use.n);
  }
  for (const worker of workers) {
    const node = worker.name;
    if (worker.facts) {
      totalMemory.add({ node }, worker.facts.memory_mb * MB);
      totalCpus.add({ node }, worker.facts.cpus);
    }
    if (worker.cpu_load !== null && worker.state !== 'offline') load.add({ node }, worker.cpu_load);
    state.add({ node, state: nodeState(worker, running.get(node)?.n ?? 0) }, worker.state === 'online' ? 1 : 0);
  }
  return [cpu, memory, gpu, count, totalMemory, totalCpus, load, state];
}

function nodeState(worker: WorkerSeries, jobs: number): 'idle' | 'allocated' | 'mixed' | 'drained' | 'down' {
  if (worker.state === 'offline') return 'down';
  if (worker.state === 'draining') return 'drained';
  return jobs === 0 ? 'idle' : jobs >= worker.slots ? 'allocated' : 'mixed';
}
