export { testflingerSettings } from './config.js';
export * from './core/index.js';
