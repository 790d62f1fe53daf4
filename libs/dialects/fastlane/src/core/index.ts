export { TasksService } from './tasks.service.js';
export { TaskQueries, type ExecutionLog, type ShownTry } from './task-queries.js';
export { exitCodeOf, isOver, statusOf, type ExecutionStatus } from './status.js';
export { nextTick, secondsFirst, type TaskSettings, type When } from './plan.js';
export { HostsService } from './hosts.service.js';
export type { TaskExecution, TaskJob, TaskJobDetails, TaskNotices, TaskWebhook } from '../record/task.rows.js';
export { wordsOf } from './name-words.js';
