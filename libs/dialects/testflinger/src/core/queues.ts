import { currentCaller } from '@drover/access';
import { auditOf, Batcher, DroverError } from '@drover/domain';
import { auditStore, type Store } from '@drover/store';
import { labQueueStore } from '../record/queue.store.js';
import { percentiles } from './percentiles.js';

/** Queues whose percentiles are remembered. */
const MAX_KNOWN = 10_000;

/** Well-known queues with their images, and how long jobs waited in them. */
export class LabQueues {
  private readonly waits: Batcher<{ queue: string; seconds: number }, void>;
  /** Percentiles by queue, and of how many samples: they never change for as many. */
  private readonly known = new Map<string, { total: number; times: Record<string, number> }>();

  constructor(private readonly store: Store) {
    // A hundred agents that take jobs at once would queue up for one row.
    this.waits = new Batcher((items) => this.count(items), {
      maxItems: 1_000,
      maxWaiting: 100_000,
      concurrency: 1,
      onFull: () => new DroverError('unavailable', 'Too many wait times are to be counted.'),
    });
  }

  async advertise(queues: Record<string, string>): Promise<void> {
    await this.store.tx(async (sql) => {
      await labQueueStore.advertise(sql, queues);
      await auditStore.insert(
        sql,
        Object.keys(queues).map((queue) =>
          auditOf(currentCaller(), {
            action: 'queue.advertise',
            kind: 'queue',
            object_id: queue,
            after: { description: queues[queue] },
          }),
        ),
      );
    });
  }

  /** Descriptions by name; empty for a queue that only images named. */
  async advertised(): Promise<Record<string, string>> {
    return Object.fromEntries(
      (await labQueueStore.list(this.store.sql)).map((queue) => [queue.name, queue.description ?? '']),
    );
  }

  async isAdvertised(queue: string): Promise<boolean> {
    return labQueueStore.exists(this.store.sql, queue);
  }

  /** Replaces all images of each queue named. */
  async setImages(images: Record<string, Record<string, string>>): Promise<void> {
    await this.store.tx(async (sql) => {
      await labQueueStore.setImages(sql, images);
      await auditStore.insert(
        sql,
        Object.keys(images).map((queue) =>
          auditOf(currentCaller(), {
            action: 'queue.images',
            kind: 'queue',
            object_id: queue,
            after: { images: Object.keys(images[queue] ?? {}) },
          }),
        ),
      );
    });
  }

  async images(queue: string): Promise<Record<string, string>> {
    return labQueueStore.images(this.store.sql, queue);
  }

  /** Counts one wait, in whole seconds. Resolves when it is stored. */
  async waited(queue: string, seconds: number): Promise<void> {
    await this.waits.add({ queue, seconds: Math.min(Math.max(0, Math.floor(seconds)), 2_147_483_647) });
  }

  /** Seconds by percentile; queues without a taken job are left out. */
  async waitTimes(queues?: string[]): Promise<Record<string, Record<string, number>>> {
    const totals = await labQueueStore.waitTotals(this.store.sql, queues);
    const times = new Map<string, Record<string, number> | null>();
    for (const [queue, total] of totals) {
      const known = this.known.get(queue);
      times.set(queue, known?.total === total ? known.times : null);
    }
    const changed = [...times].flatMap(([queue, known]) => (known ? [] : [queue]));
    for (const { queue, seconds, counts } of changed.length === 0
      ? []
      : await labQueueStore.waits(this.store.sql, changed)) {
      const computed = percentiles(seconds, counts);
      times.set(queue, computed);
      if (this.known.size >= MAX_KNOWN) this.known.clear();
      this.known.set(queue, { total: counts.reduce((sum, n) => sum + n, 0), times: computed });
    }
    const found = [...times].filter((entry): entry is [string, Record<string, number>] => entry[1] !== null);
    return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  async forgetSilent(seconds: number): Promise<void> {
    await labQueueStore.forgetSilent(this.store.sql, seconds);
  }

  private async count(items: { queue: string; seconds: number }[]): Promise<void[]> {
    const counts = new Map<string, { queue: string; seconds: number; n: number }>();
    for (const { queue, seconds } of items) {
      const key = `${seconds} ${queue}`;
      const entry = counts.get(key) ?? { queue, seconds, n: 0 };
      entry.n += 1;
      counts.set(key, entry);
    }
    const sorted = [...counts.values()].sort((a, b) =>
      a.queue < b.queue ? -1 : a.queue > b.queue ? 1 : a.seconds - b.seconds,
    );
    await labQueueStore.waited(this.store.sql, sorted);
    return items.map(() => undefined);
  }
}
