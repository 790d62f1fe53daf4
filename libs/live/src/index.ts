export { Doorbells } from './doorbells.js';
export { EventFollower, type EventFollowOptions } from './event-follower.js';
export { LogFollower, type FollowFrom, type FollowOptions, type LogNews } from './log-follower.js';
export { LineReader, type LinesFrom } from './line-reader.js';
export type { LogLine } from './line-scan.js';
export { LogSearch, type SearchNews } from './log-search.js';
export { compile as compilePattern, ERRORS_REGEX, type LinePattern } from './search-pattern.js';
export { SharedSnapshots, type Snapshot } from './shared-snapshots.js';
export { LogReader } from './log-reader.js';
