export * from './agent-protocol.js';
export * from './metrics-protocol.js';
