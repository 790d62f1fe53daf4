export { fluxSettings } from './config.js';
