export type { Dialect, DialectIds } from './dialect.js';
