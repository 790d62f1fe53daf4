import type { Dialect } from '@drover/dialects/contract';
import { testflingerSettings } from './config.js';

/** Testflinger as a dialect. */
export const testflinger: Dialect = {
  name: 'testflinger',
  settings: [testflingerSettings],
  logsIn: true,
  admits: true,
  tables: async () => (await import('./record/tables.js')).tables,
  module: async () => (await import('./http/testflinger.module.js')).TestflingerModule,
};
