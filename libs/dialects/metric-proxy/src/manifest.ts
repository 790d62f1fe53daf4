import type { Dialect } from '@drover/dialects/contract';
import { metricProxySettings, OPEN_VALUE } from './config.js';

/** The metric proxy as a dialect. */
export const metricProxy: Dialect = {
  name: 'metric-proxy',
  settings: [metricProxySettings],
  opens: [OPEN_VALUE],
  bodies: [{ path: /^\/(alarms\/+(add|del)|push|accumulate|set)(\/|$)/, bytes: 64 * 1024 }],
  docs: async () => (await import('./http/docs/docs.js')).metricProxyDocs,
  module: async () => (await import('./http/metric-proxy.module.js')).MetricProxyModule,
};
