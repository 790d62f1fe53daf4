export type { Executor, ExecutorEvents, Found } from './executor.js';
export {
  CONTAINER_WORK,
  type ContainerLaunch,
  type ExitRecord,
  type LaunchOrder,
  type RunningRecord,
} from './messages.js';
export { ProcessExecutor, endTrees } from './process-executor.js';
export { readExitRecord } from './supervisor/exit-record.js';
export { DISK_RESERVE } from './supervisor/watch.js';
export { TreeScanner, readProcFile, type TreeProc } from './proc/scan.js';
export { listGpus, readGpus, type Gpu } from './gpus.js';
export { JobCgroups } from './proc/job-cgroups.js';
export { ownCgroup, readCgroup } from './proc/cgroup.js';
export { ContainerExecutor } from './container/container-executor.js';
export { containerProblem, engineSocket } from './container/probe.js';
export type { KeeperSettings } from './container/keeper-settings.js';
export { socketPath } from './socket-path.js';
export { ISOLATION_LEVELS, type IsolationLevel, type JobUser, type JobView } from './isolation/job-user.js';
export { levelProblem, tryOrder } from './isolation/probe.js';
export { mountTable } from './isolation/mounts.js';
export { UidPool } from './isolation/uid-pool.js';
export { lookUpAccount, type Account } from './isolation/accounts.js';
