import { randomUUID } from 'node:crypto';
import { settingStore, type Store } from '@drover/store';

/** Names this installation to others, whatever addresses its replicas have. */
export function instanceId(store: Store): Promise<string> {
  return settingStore.getOrCreate(store.sql, 'instance_id', randomUUID());
}
