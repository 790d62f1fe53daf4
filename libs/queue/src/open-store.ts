import type { QueueOptions } from './ports.js';
import { PostgresStore } from './postgres-store.js';
import { RedisStore } from './redis-store.js';
import type { TicketStore } from './store.js';

/** Opens the store the options name. Comes back, connected or not, within two seconds. */
export function openStore(options: QueueOptions): Promise<TicketStore> {
  const onError = options.onError ?? (() => undefined);
  const clock = options.clock ?? Date.now;
  if (options.backend === 'postgres')
    return PostgresStore.open({ url: options.url, schema: options.prefix, onError, clock });
  return RedisStore.open({ url: options.url, prefix: options.prefix ?? 'drover', onError, clock });
}
