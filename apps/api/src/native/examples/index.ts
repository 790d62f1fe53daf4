import { accessExamples } from './access.js';
import { alarmExamples } from './alarms.js';
import { backtestExamples } from './backtest.js';
import { EXECUTION_ID, ID, SHA } from './common.js';
import { executionExamples } from './executions.js';
import { jobExamples } from './jobs.js';
import { logExamples } from './logs.js';
import { nodeExamples } from './nodes.js';
import { overviewExamples } from './overview.js';
import { profileExamples } from './profiles.js';

/** An example of each shape, shown in /docs and checked against its schema by a test. */
export const EXAMPLES: Record<string, unknown> = {
  ...jobExamples,
  ...executionExamples,
  ...overviewExamples,
  ...nodeExamples,
  ...accessExamples,
  ...alarmExamples,
  ...profileExamples,
  ...backtestExamples(ID),
  ...logExamples(EXECUTION_ID, SHA),
};
