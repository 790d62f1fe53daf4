import { randomUUID } from 'node:crypto';
import { settingStore } from '@drover/store';
import type { Core } from '../core/core.js';

/** Names this installation to others, whatever addresses its replicas have. */
export function instanceId(core: Core): Promise<string> {
  return settingStore.getOrCreate(core.store.sql, 'instance_id', randomUUID());
}
