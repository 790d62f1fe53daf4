import { counter, gauge, histogram } from './metrics.js';

/*
 * Every metric Drover owns is declared in this file, so that names and labels are seen side by side.
 * Labels: closed lists only (state, cause, dialect, route pattern), never ids or owners. Clients may invent names of
 * queues, so that only a hundred of them are told apart. Names of nodes are those of workers; a thousand are shown.
 */

export const buildInfo = gauge('build_info', 'Always 1; the labels say which program and version this is', [
  'program',
  'version',
] as const);

export const logLinesDropped = counter(
  'log_lines_dropped_total',
  'Lines of the log of this process that could not be written: its disk is full, or its reader has gone',
);

/** Seconds; jobs run from milliseconds to days. */
const RUN_BUCKETS_S = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

// Jobs. Queue labels: the hundred with the most live jobs, all others together as `other`; set at each scrape.
export const liveJobs = gauge('jobs', 'Jobs that have not ended, by queue and state', ['queue', 'state'] as const);
export const queueDepth = gauge('queue_depth', 'Jobs that may start now and wait for an agent', ['queue'] as const);
export const queueOldest = gauge('queue_oldest_seconds', 'Age of the oldest job that waits for an agent', [
  'queue',
] as const);
export const recordUp = gauge(
  'record_up',
  '1 when the record answered this scrape; else the gauges of jobs and agents are missing',
);
export const agentsByState = gauge('agents', 'Agents by kind and state', ['kind', 'state'] as const);

// Nodes: the first thousand workers by name; set at each scrape from their last heartbeats.
export const nodeUp = gauge('node_up', '1 when the worker of the node takes jobs, 0 when it is offline or drains', [
  'node',
] as const);
export const nodeSlots = gauge('node_slots', 'Jobs the node runs at once', ['node'] as const);
export const nodeSlotsFree = gauge('node_slots_free', 'Slots of the node without a job', ['node'] as const);
export const nodeCpus = gauge('node_cpus', 'Processors of the node', ['node'] as const);
export const nodeMemory = gauge('node_memory_bytes', 'Memory of the node', ['node'] as const);
export const nodeLoad = gauge('node_cpu_load', 'Processes of the node that ran or wanted to, mean of a minute', [
  'node',
] as const);
export const nodeDiskFree = gauge('node_disk_free_bytes', "Free bytes of the disk of the worker's data folder", [
  'node',
] as const);
export const nodeDiskSize = gauge('node_disk_size_bytes', "Bytes of the disk of the worker's data folder", [
  'node',
] as const);
export const jobsAccepted = counter('jobs_accepted_total', 'Jobs accepted by this process');
export const jobsEnded = counter('jobs_ended_total', 'Jobs whose end this process recorded, by state and cause', [
  'state',
  'cause',
] as const);
export const queueJobsEnded = counter(
  'queue_jobs_ended_total',
  'Jobs whose end this process recorded, by queue and state; the first hundred queues it met are told apart',
  ['queue', 'state'] as const,
);
export const executionsLost = counter(
  'executions_lost_total',
  'Executions ended because their agent was silent for a lease',
);
export const outputDropped = counter(
  'job_output_dropped_bytes_total',
  'Bytes of output of jobs that were not kept because the quota of their project was used up',
);
export const jobSteps = histogram(
  'job_step_seconds',
  'Time between two steps of a job: accept_to_queued, queued_to_claimed, claimed_to_spawned, spawned_to_first_byte, exit_to_result (until it is visible)',
  ['step'] as const,
);
export const jobRun = histogram('job_run_seconds', 'From the start of the process to its exit', [], RUN_BUCKETS_S);

// OpenTelemetry.
export const traceSpans = counter(
  'trace_spans_total',
  'Spans of jobs by what became of them: exported, failed (the collector took them not), dropped (too many waited)',
  ['outcome'] as const,
);

// Webhooks and mails.
export const deliveriesTried = counter(
  'deliveries_tried_total',
  'Tries to deliver a webhook or a mail, by what became of them',
  ['kind', 'outcome'] as const,
);

// HTTP. Route: the pattern, never the path.
export const httpRequests = histogram('http_request_seconds', 'Requests answered, without streams', [
  'method',
  'route',
  'status',
] as const);
export const streamsOpen = gauge('streams_open', 'Open responses of server-sent events');
export const tlsCertificateExpires = gauge(
  'tls_certificate_expires_seconds',
  'Time until the certificate of the API ends, by the first name it is for; absent without TLS',
  ['host'] as const,
);
