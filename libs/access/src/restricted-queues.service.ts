import { auditOf, DroverError } from '@drover/domain';
import { auditStore, clientStore, restrictedQueueStore, type Store } from '@drover/store';
import { currentCaller } from './context.js';

export interface RestrictedQueue {
  queue: string;
  /** Clients that may submit to it. */
  owners: string[];
}

/** How long another replica's change may take to be seen here. */
const CACHE_MS = 1_000;

/** Queues that only some clients may submit to. */
export class RestrictedQueuesService {
  private known: { names: Set<string>; until: number } | null = null;

  constructor(private readonly store: Store) {}

  /** All, or those among `queues`. By name. */
  async list(queues?: string[]): Promise<RestrictedQueue[]> {
    return restrictedQueueStore.list(this.store.sql, queues);
  }

  async isRestricted(queue: string): Promise<boolean> {
    if (!this.known || this.known.until < Date.now()) {
      const names = new Set(await restrictedQueueStore.names(this.store.sql));
      this.known = { names, until: Date.now() + CACHE_MS };
    }
    return this.known.names.has(queue);
  }

  /** Restricts a queue, and lets this client in. Throws `not_found` without such a client. */
  async add(queue: string, clientId: string): Promise<void> {
    await this.store.tx(async (sql) => {
      const client = await clientStore.get(sql, clientId, { lock: true });
      if (!client || client.revoked_at !== null)
        throw new DroverError('not_found', `There is no client ${clientId.slice(0, 200)}.`);
      await restrictedQueueStore.add(sql, queue);
      await clientStore.addQueue(sql, clientId, queue);
      await auditStore.insert(sql, [
        auditOf(currentCaller(), {
          action: 'queue.restrict',
          kind: 'queue',
          object_id: queue,
          after: { let_in: clientId },
        }),
      ]);
    });
    this.known = null;
  }

  /**
   * Lifts the restriction for everybody, and takes the queue from this client. Throws `not_found` when the queue is not
   * restricted.
   */
  async remove(queue: string, clientId: string): Promise<void> {
    await this.store.tx(async (sql) => {
      if (!(await restrictedQueueStore.remove(sql, queue)))
        throw new DroverError('not_found', `The queue ${queue.slice(0, 200)} is not restricted.`);
      await clientStore.removeQueue(sql, clientId, queue);
      await auditStore.insert(sql, [
        auditOf(currentCaller(), {
          action: 'queue.unrestrict',
          kind: 'queue',
          object_id: queue,
          before: { let_in: clientId },
        }),
      ]);
    });
    this.known = null;
  }
}
