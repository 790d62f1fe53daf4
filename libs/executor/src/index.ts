export type { Executor, ExecutorEvents, Found } from './executor.js';
export type { ExitRecord, LaunchLimits, LaunchOrder, RunningRecord } from './messages.js';
export { ProcessExecutor, endTrees } from './process-executor.js';
export { readExitRecord } from './supervisor/exit-record.js';
export { free } from './supervisor/watch.js';
export { TreeScanner, readProcFile, type Proc, type TreeProc } from './proc/scan.js';
export { SUPERVISOR_ENTRY } from './launch-supervisor.js';
export { listGpus, readGpus, type GpuReading } from './gpus.js';
