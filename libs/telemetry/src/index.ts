export { LOGGER } from './token.js';
export { createLogger, type Logger } from './logger.js';
export { NestLogger } from './nest-logger.js';
export { foreignCounter, expose, startProcessMetrics } from './metrics.js';
export * from './definitions.js';
export { spansOf } from './otel/job-spans.js';
export { startOtel, type Otel } from './otel/otel.js';
export { readTraceparent, traceparentOf } from './trace.js';
export { exposeWorker, type WorkerReading } from './worker-metrics.js';
