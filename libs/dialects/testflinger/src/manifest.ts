import type { Dialect } from '@drover/dialects/contract';
import { testflingerSettings } from './config.js';

/** Bodies must be smaller than this. */
const LAB_BODY_BYTES = 16 * 1024 * 1024;

/** Testflinger as a dialect. */
export const testflinger: Dialect = {
  name: 'testflinger',
  settings: [testflingerSettings],
  logsIn: true,
  admits: true,
  tables: async () => (await import('./record/tables.js')).tables,
  bodies: [
    { path: /^\/v1\/(result\/[^/]+\/artifact|job\/[^/]+\/attachments)$/, reader: 'stream' },
    // The limit of its contract where documents, results, logs and the output of devices come in.
    { path: /^\/v1\/(job|result|agents)(\/|$)/, bytes: LAB_BODY_BYTES - 1, depth: 200, items: 500_000 },
  ],
  docs: async () => (await import('./http/docs/docs.js')).testflingerDocs,
  module: async () => (await import('./http/testflinger.module.js')).TestflingerModule,
};
