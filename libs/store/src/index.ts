export { Store, createDataSource, type StoreOptions } from './store.js';
export { migrate, assertSchema } from './migrate.js';
export type { Sql } from './sql.js';
export { JOB_COLUMNS, jobColumns, type StoredExecution, type StoredJob } from './job.rows.js';
export { jobStore, runsContainers, type JobFilter, type JobPatch, type NewJob } from './job.store.js';
export { executionStore, type ExecutionPatch } from './execution.store.js';
export { dispatchStore, type OutboxRow } from './dispatch.store.js';
export { cronStore } from './cron.store.js';
export { dependencyStore } from './dependency.store.js';
export { logStore } from './log.store.js';
export { eventStore, type NewEvent } from './event.store.js';
export { sampleStore } from './sample.store.js';
export { agentStore, type StoredAgent } from './agent.store.js';
export { queueStore, type StoredQueue } from './queue.store.js';
export { idempotencyStore, type IdempotencyRow } from './idempotency.store.js';
export { externalRefStore } from './external-ref.store.js';
export { artifactStore } from './artifact.store.js';
export { ensureTicketRole } from './ticket-role.js';
export { settingStore } from './setting.store.js';
<<<<<<< HEAD
export { metricStore, type NewSource, type SourceKind, type StoredSource } from './metric.store.js';
=======
export { samplePartitions } from './sample-partitions.store.js';
export { trailStore } from './trail.store.js';
export { usageStore } from './usage.store.js';
>>>>>>> 3e17535 (Speak the HPC observability API; read Flux submissions)
