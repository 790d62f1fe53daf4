export { LOGGER } from './token.js';
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger.js';
export { LogOutput, outliveOutput } from './log-output.js';
export { NestLogger } from './nest-logger.js';
export { redact, redactText } from './redact.js';
export {
  registry,
  counter,
  foreignCounter,
  gauge,
  histogram,
  expose,
  startProcessMetrics,
  LATENCY_BUCKETS_S,
  type Counter,
  type Gauge,
  type Histogram,
} from './metrics.js';
export * from './definitions.js';
