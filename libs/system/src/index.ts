export { SystemCollector } from './collector.js';
