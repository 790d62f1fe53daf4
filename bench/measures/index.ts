import { consoleLogs } from './console.js';
import { followers } from './followers.js';
import { history } from './history.js';
import { hops } from './hops.js';
import { idle, memoryAfterJobs } from './idle.js';
import { lab } from './lab.js';
import { latency } from './latency.js';
import { logs } from './logs.js';
import type { Measure } from './measure.js';
import { metrics } from './metrics.js';
import { observability } from './observability.js';
import { peers } from './peers.js';
import { submit } from './submit.js';
import { supervisor } from './supervisor.js';
import { trueJobs, trueJobsWide } from './true-jobs.js';
import { workers } from './workers.js';

/** The word for the machine's own primitives, which are measured in every run. */
export const MACHINE = 'machine';

/** In the order in which they run: an idle stack first, before anything has grown. */
export const MEASURES: Record<string, Measure> = {
  idle,
  memory: memoryAfterJobs,
  latency,
  hops,
  'true-jobs': trueJobs,
  'true-jobs-64': trueJobsWide,
  supervisor,
  submit,
  logs,
  followers,
  metrics,
  lab,
  observability,
  workers,
  console: consoleLogs,
  history,
  peers,
};
