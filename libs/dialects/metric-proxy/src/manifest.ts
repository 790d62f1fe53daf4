import type { Dialect } from '@drover/dialects/contract';
import { metricProxySettings } from './config.js';

/** The metric proxy as a dialect. */
export const metricProxy: Dialect = {
  name: 'metric-proxy',
  settings: [metricProxySettings],
  module: async () => (await import('./http/metric-proxy.module.js')).MetricProxyModule,
};
