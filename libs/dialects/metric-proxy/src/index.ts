export { metricProxySettings } from './config.js';
