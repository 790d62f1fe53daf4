import { idle, memoryAfterJobs } from './idle.js';
import { lab } from './lab.js';
import { latency } from './latency.js';
import { logs } from './logs.js';
import type { Measure } from './measure.js';
import { metrics } from './metrics.js';
import { observability } from './observability.js';
import { submit } from './submit.js';
import { trueJobs } from './true-jobs.js';

/** In the order in which they run: an idle stack first, before anything has grown. */
export const MEASURES: Record<string, Measure> = {
  idle,
  memory: memoryAfterJobs,
  latency,
  'true-jobs': trueJobs,
  submit,
  logs,
  metrics,
  lab,
  observability,
};
