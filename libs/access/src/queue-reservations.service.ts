import { auditOf, DroverError } from '@drover/domain';
import { auditStore, queueReservationStore, type Store } from '@drover/store';
import { currentCaller } from './context.js';

/** How long another replica's change may take to be seen here. */
const CACHE_MS = 1_000;

/** Queues that are kept for some projects. A queue without a reservation is everybody's. */
export class QueueReservationsService {
  private known: { byQueue: Map<string, string[]>; until: number } | null = null;

  constructor(private readonly store: Store) {}

  /** Reserved queues with their projects, by name. */
  async all(): Promise<Map<string, string[]>> {
    if (!this.known || this.known.until < Date.now()) {
      this.known = { byQueue: await queueReservationStore.all(this.store.sql), until: Date.now() + CACHE_MS };
    }
    return this.known.byQueue;
  }

  /** The projects a queue is kept for; empty: it is everybody's. */
  async of(queue: string): Promise<string[]> {
    return (await this.all()).get(queue) ?? [];
  }

  /** Throws `forbidden` when a queue is kept for other projects. */
  async demand(queue: string, project: string): Promise<void> {
    const projects = await this.of(queue);
    if (projects.length === 0 || projects.includes(project)) return;
    throw new DroverError(
      'forbidden',
      `The queue ${queue} is reserved for other projects; use another queue, or ask an operator to let the project ${project} in.`,
      { queue, project },
    );
  }

  /** Replaces the projects a queue is kept for; none: it is everybody's again. */
  async set(queue: string, projects: string[]): Promise<void> {
    await this.store.tx(async (sql) => {
      const before = (await queueReservationStore.all(sql)).get(queue) ?? [];
      await queueReservationStore.set(sql, queue, projects);
      const entry = auditOf(currentCaller(), {
        action: 'queue.reserve',
        kind: 'queue',
        object_id: queue,
        before: { projects: before },
        after: { projects },
      });
      await auditStore.insert(sql, [entry]);
    });
    this.known = null;
  }
}
