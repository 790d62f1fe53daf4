import type { Dialect } from '@drover/dialects/contract';
import { V1_BODIES } from '../../v1-jobs/src/body-rule.js';
import { v1LoginSettings, v1Logins } from '../../v1-jobs/src/config.js';
import { hpcSettings, OPEN_EVENTS } from './config.js';

/** HPC Job Observability as a dialect. */
export const hpc: Dialect = {
  name: 'hpc',
  settings: [hpcSettings, v1LoginSettings],
  logins: v1Logins,
  // Chosen where the jobs run, so that they can be foreseen.
  ids: { byProject: true, inSeries: true },
  opens: [OPEN_EVENTS],
  bodies: [V1_BODIES],
  docs: async () => (await import('./http/docs/docs.js')).hpcDocs,
  module: async () => (await import('./http/hpc.module.js')).HpcModule,
};
