export { Budget } from './budget.js';
export type { ChunkSink, TailChunk, TailEnd, TailProgress } from './chunk.js';
export { EMPTY_SHA256, UNKNOWN_SHA256 } from './stream-file.js';
export { Spool, TEMPORARY } from './spool.js';
export { Tail } from './tail.js';
