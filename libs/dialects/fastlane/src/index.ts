export { fastlaneSettings } from './config.js';
export * from './core/index.js';
