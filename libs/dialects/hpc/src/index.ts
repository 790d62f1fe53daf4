export { hpcSettings } from './config.js';
