import { clientStore, type ClientRow, type Store } from '@drover/store';

interface Batch {
  ids: Set<string>;
  rows: Promise<Map<string, ClientRow>>;
}

/**
 * Reads clients for the check of their tokens, many with one statement. Who asks while a read is under way waits for
 * the next one: no answer is older than its question, so that what was changed counts with the next request, on every
 * replica.
 */
export class ClientReader {
  private running: Promise<unknown> | null = null;
  private next: Batch | null = null;

  constructor(private readonly store: Store) {}

  /** Revoked clients, too; null: there is no such client. */
  async read(id: string): Promise<ClientRow | null> {
    this.next ??= this.batch();
    this.next.ids.add(id);
    return (await this.next.rows).get(id) ?? null;
  }

  private batch(): Batch {
    const ids = new Set<string>();
    const rows = (this.running ?? Promise.resolve()).then(() => {
      this.next = null;
      const reading = clientStore.getMany(this.store.sql, [...ids]);
      this.running = reading.catch(() => undefined);
      return reading.then((found) => new Map(found.map((row) => [row.id, row])));
    });
    return { ids, rows };
  }
}
