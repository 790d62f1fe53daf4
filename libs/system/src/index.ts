export { SystemCollector, type SystemReading } from './collector.js';
