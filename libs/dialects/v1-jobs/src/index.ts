export { v1LoginSettings, v1Logins, whenSet } from './config.js';
