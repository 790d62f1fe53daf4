export { Store, createDataSource, KEYED_SETTINGS } from './store.js';
export { readRecord, type RecordReader, type RecordShape } from './record-copy.js';
export { assertEmpty, assertLoadable, loadRecord } from './record-load.js';
export { migrate, assertSchema, stepsLeft, isMigrated } from './migrate.js';
export { clockOf, holdLock, limitStatements, serverVersion } from './session.js';
export { AWAY, DatabaseAway, isAway, isContention, sqlState } from './outage.js';
export type { Sql } from './sql.js';
export { BLANK_JOB, type JobPatch, type StoredJob } from './job.columns.js';
export { isSearch, type JobFilter, type ShownText } from './job-list.sql.js';
export { jobStore, runsContainers } from './job.store.js';
export type { ExecutionPatch, StoredExecution } from './execution.columns.js';
export { executionStore } from './execution.store.js';
export { dispatchStore, type DispatchMark } from './dispatch.store.js';
export { bulkActionStore, type StoredBulkAction } from './bulk-action.store.js';
export { cronStore } from './cron.store.js';
export { DUE, dueStore } from './due.store.js';
export { dependencyStore } from './dependency.store.js';
export { logStore, type PlacedChunk } from './log.store.js';
export { eventStore, type NewEvent } from './event.store.js';
export { queueReservationStore } from './queue-reservation.store.js';
export { projectStore } from './project.store.js';
export { backtestStore, type FinishedJob, type WatchedJobs } from './backtest.store.js';
export { auditStore, type AuditFilter, type AuditRow } from './audit.store.js';
export { sampleStore, type HistoryReading } from './sample.store.js';
export { agentStore, type StoredAgent } from './agent.store.js';
export { invitationStore, nodeKeyStore, type StoredInvitation, type StoredNodeKey } from './node.store.js';
export {
  longestOfClass,
  overviewStore,
  type FailuresOfSlice,
  type OpenExecution,
  type StartsOfSlice,
} from './overview.store.js';
export {
  counterReadingStore,
  type CounterReading,
  type CounterValues,
  type SeriesReading,
} from './counter-reading.store.js';
export { familyStore, type ChildRow } from './family.store.js';
export { VALUED_FIELDS, type ValuedField } from './filter-value.sql.js';
export { filterValueStore, type KnownValue } from './filter-value.store.js';
export { runsStore, type QueuedTime, type RunTimes } from './runs.store.js';
export { timelineStore, type BucketRow, type TimelineFilter, type TimelineRow } from './timeline.store.js';
export { queueStore } from './queue.store.js';
export { idempotencyStore, type IdempotencyRow } from './idempotency.store.js';
export { externalRefStore } from './external-ref.store.js';
export { artifactStore } from './artifact.store.js';
export { ensureTicketRole } from './ticket-role.js';
export { grantAccess, isSuperuser, loginOf, makeLogins, type Logins } from './logins.js';
export { settingStore } from './setting.store.js';
export { metricStore, type NewSource, type StoredSource } from './metric.store.js';
export { alarmStore, type NewAlarmRule, type TransitionFilter } from './alarm.store.js';
export { claimPlaced } from './placed-claim.store.js';
export { placementStore, type NodeUse, type PlacementNode } from './placement.store.js';
export { sampleIntakeStore } from './sample-intake.store.js';
export { samplePartitions } from './sample-partitions.store.js';
export { trailStore } from './trail.store.js';
export { toUsage, usageStore, type LatestReading } from './usage.store.js';
export { clientStore, restrictedQueueStore, type ClientRow, type ClientValues } from './access-client.store.js';
export { refreshTokenStore, secretStore } from './access-token.store.js';
export {
  profileStore,
  type CurvePoint,
  type DigestRow,
  type NewProfile,
  type ProfileFilter,
  type ProfileHead,
  type StoredProfile,
} from './profile.store.js';
export { isInStates, OPEN_JOBS } from './filed.sql.js';
export { retentionStore, type Forgotten, type KeptFor } from './retention.store.js';
export { NATIVE_WEBHOOK } from './delivery.sql.js';
export { deliveryStore, type Delivery, type DeliveryTry, type NewDelivery } from './delivery.store.js';
export type { ShownSeries } from './job-series.sql.js';
export { supportStore } from './support.store.js';
export {
  JobSeriesReader,
  type CurrentRow,
  type JobSeriesRow,
  type LiveRow,
  type NodeUseRow,
  type WorkerSeriesRow,
} from './job-series.store.js';
export { scrapeStore } from './scrape.store.js';
export type { MigrationInterface, QueryRunner } from 'typeorm';
export type { PhasedMigration } from './migrations/phase.js';
export { Identity, IndexesOfMigrations, OneOf } from './entities/decorators.js';
export { constrainWords, freeWords, type WordColumn } from './migrations/word-columns.js';
export type { Tables } from './tables.js';
