<<<<<<< HEAD
export { ClaimsService, type ClaimEnricher, type ClaimVeto } from './claims.service.js';
=======
export { ClaimsService, type ClaimEnricher } from './claims.service.js';
export { Batcher } from './batcher.js';
>>>>>>> 3e17535 (Speak the HPC observability API; read Flux submissions)
export { Changes } from './changes.js';
export { ControlService, type Alongside, type DeleteOptions } from './control.service.js';
export { CRON_TICK, CronService, type CronSchedulers } from './cron.service.js';
export { Dispatcher, ticketId } from './dispatcher.js';
export { ExplainService, type Explainer, type Explanation, type Reason } from './explain.service.js';
export { LIVE_STATES, QueryService, type JobPage, type LiveState, type QueueView } from './query.service.js';
export { ReportsService, type EndedListener, type IncomingChunk, type SamplesListener } from './reports.service.js';
export { SubmitService, type Accepted } from './submit.service.js';
export { SweepService } from './sweep.service.js';
export { faultsOf, isUuid, LIMITS } from './submission.js';
export { IDS_A_BELL, ringFor, silentObserver, topics, type Doorbell, type JobsLogger, type JobsObserver, type TicketSink } from './ports.js';
export type { JobFilter, StoredExecution, StoredJob } from '@drover/store';
