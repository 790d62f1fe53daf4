export { ClaimsService, type ClaimEnricher, type ClaimVeto } from './claims.service.js';
export { Changes } from './changes.js';
export { DirectStarts, type Push } from './direct-starts.js';
export { ControlService, type Alongside, type DeleteOptions } from './control.service.js';
export { CRON_TICK, CronService, schedule, type CronSchedulers, type TickMaker } from './cron.service.js';
export { BulkActionsService, type BulkRequest } from './bulk-actions.service.js';
export { BrokerHealth } from './broker-health.js';
export { JobEnds } from './job-ends.js';
export { PeriodicWork, type Starter, type Undo } from './periodic-work.js';
export { Dispatcher, ticketId } from './dispatcher.js';
export { FamilyService, type Family } from './family.service.js';
export { FilterValuesService } from './filter-values.service.js';
export { disksFull, ExplainService, type Explainer, type Explanation, type Reason } from './explain.service.js';
export { LIVE_STATES, QueryService, type JobPage, type LiveState, type QueueView } from './query.service.js';
export { OverviewService, type NodeOverview, type Overview, type QueueOverview } from './overview.service.js';
export { OutlookService, type Outlook, type Run, type Runs } from './outlook.service.js';
export type { AttemptPhases, PhaseMedians } from './phases.js';
export { TimelineService, type NodePeriod, type TimelineBar } from './timeline.service.js';
export { PlacedStarts, type PlacedNode, type PlacedStart } from './placed-starts.js';
export type { IncomingChunk } from './incoming-chunk.js';
export { Searches } from './searches.js';
export { ReportsService, type EndedListener, type SamplesListener } from './reports.service.js';
export type { Accepted, Idempotency } from './submit-requests.js';
export { SubmitService, type Admission, type Deferred } from './submit.service.js';
export { RetentionService, type Retention } from './retention.service.js';
export { SweepService } from './sweep.service.js';
export { asSeen, demandControl, isVisible, ownedJob } from './job-rights.js';
export { faultsOf, isUuid, LIMITS } from './submission.js';
export {
  IDS_A_BELL,
  ringFor,
  silentObserver,
  topics,
  type Doorbell,
  type JobsLogger,
  type JobsObserver,
  type ProjectRoom,
  type TicketSink,
  unlimited,
} from './ports.js';
export { VALUED_FIELDS } from '@drover/store';
export type { JobFilter, StoredBulkAction, StoredExecution, StoredJob, ValuedField } from '@drover/store';
