export { AlarmsService, DEFAULTS as ALARM_DEFAULTS, type ActiveAlarm, type Reading } from './alarms.service.js';
export { BacktestService, type Backtest } from './backtest.js';
export { MAX_STARS } from './labels.js';
export type { ActionSink, Notice } from './ports.js';
export { step, type Condition, type Phase } from './step.js';
