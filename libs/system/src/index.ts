export { SystemCollector } from './collector.js';
export { serviceManager } from './service-manager.js';
