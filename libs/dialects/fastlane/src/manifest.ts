import { settingsOf } from '@drover/config';
import type { Dialect } from '@drover/dialects/contract';
import { fastlaneSettings } from './config.js';

/** fastlane as a dialect. */
export const fastlane: Dialect = {
  name: 'fastlane',
  settings: [fastlaneSettings],
  tables: async () => (await import('./record/tables.js')).tables,
  addresses(config) {
    const { publicUrl, serverName } = settingsOf(config, fastlaneSettings);
    return [publicUrl, serverName];
  },
  logins(config) {
    const { basicUser } = settingsOf(config, fastlaneSettings);
    return basicUser === null ? [] : [basicUser];
  },
  bodies: [
    // A payload with large files in it.
    { path: /^\/tasks\/[^/]+$/, bytes: 8 * 1024 * 1024, items: 200_000 },
  ],
  docs: async () => (await import('./http/docs/docs.js')).fastlaneDocs,
  module: async () => (await import('./http/fastlane.module.js')).FastlaneModule,
};
