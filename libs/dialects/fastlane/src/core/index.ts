export { TasksService, STOP_REASON, type Enqueued, type TaskParts } from './tasks.service.js';
export { TaskQueries, type ExecutionLog, type ShownTry } from './task-queries.js';
export { EXECUTION_STATUSES, exitCodeOf, isEarly, isOver, statusOf, type ExecutionStatus } from './status.js';
export { farmOf, nextTick, secondsFirst, type TaskPayload, type TaskSettings, type When } from './plan.js';
export { HostsService, type HostView } from './hosts.service.js';
export type { TaskExecution, TaskJob, TaskJobDetails, TaskNotices, TaskWebhook } from '../record/task.rows.js';
export { wordsOf } from './words.js';
