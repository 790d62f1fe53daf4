export * from './states.js';
export * from './job.js';
export * from './agent.js';
export * from './records.js';
export * from './errors.js';
export * from './transitions.js';
export * from './metrics.js';
export * from './alarms.js';
