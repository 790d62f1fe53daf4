import type { Dialect } from '@drover/dialects/contract';
import { v1LoginSettings, v1Logins } from '@drover/dialects/v1-jobs';
import { fluxSettings } from './config.js';

/** Flux RESTful as a dialect. */
export const flux: Dialect = {
  name: 'flux',
  settings: [fluxSettings, v1LoginSettings],
  logins: v1Logins,
};
