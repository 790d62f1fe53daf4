import type { Dialect } from '@drover/dialects/contract';
import { metricProxySettings } from './config.js';

/** The metric proxy as a dialect. */
export const metricProxy: Dialect = {
  name: 'metric-proxy',
  settings: [metricProxySettings],
};
