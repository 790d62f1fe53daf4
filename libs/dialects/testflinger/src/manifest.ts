import type { Dialect } from '@drover/dialects/contract';
import { testflingerSettings } from './config.js';
import { tables } from './record/tables.js';

/** Testflinger as a dialect. */
export const testflinger: Dialect = {
  name: 'testflinger',
  settings: [testflingerSettings],
  logsIn: true,
  admits: true,
  tables,
};
