export { Doorbells, type Bell, type BellSource } from './doorbells.js';
export { EventFollower, type EventFollowOptions, type EventStart } from './event-follower.js';
export { LogFollower, type FollowFrom, type FollowOptions, type LogNews } from './log-follower.js';
export { LogReader, type StreamVerdict, type TailStart } from './log-reader.js';
