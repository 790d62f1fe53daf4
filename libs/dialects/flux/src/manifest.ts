import type { Dialect } from '@drover/dialects/contract';
import { V1_BODIES } from '../../v1-jobs/src/body-rule.js';
import { v1LoginSettings, v1Logins } from '../../v1-jobs/src/config.js';
import { fluxSettings } from './config.js';

/** Flux RESTful as a dialect. */
export const flux: Dialect = {
  name: 'flux',
  settings: [fluxSettings, v1LoginSettings],
  logins: v1Logins,
  ids: { inSeries: true },
  bodies: [{ path: /^(\/jobs\/submit|\/v1\/login\/access-token)$/, reader: 'form' }, V1_BODIES],
  docs: async () => (await import('./http/docs/docs.js')).fluxDocs,
  module: async () => (await import('./http/flux.module.js')).FluxModule,
  otherMethods: async () => (await import('./http/flux.module.js')).FluxOtherMethodsModule,
};
