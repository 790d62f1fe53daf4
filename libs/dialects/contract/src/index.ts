export type { Dialect } from './dialect.js';
