export { testflingerSettings } from './config.js';
export { Background } from './http/background.js';
