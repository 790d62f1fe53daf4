import { DroverError } from '@drover/domain';
import { dispatchStore, type Store } from '@drover/store';

/**
 * Tickets go out within seconds, those of 20,000 jobs at once too; what waits for longer than this cannot be sent.
 * Seconds.
 */
const OLDEST_MARK_S = 60;

/** Something that says whether it answers. */
interface Pinged {
  /** Throws with the reason when it does not answer. */
  ping(): Promise<void>;
}

/** Checks the parts that the broker depends on. Every method throws with the reason when its part does not work. */
export class BrokerHealth {
  constructor(
    private readonly store: Store,
    private readonly ticketStore: Pinged,
    private readonly messages: Pinged,
    private readonly objects: Pinged,
  ) {}

  /** The record answers. */
  record(): Promise<void> {
    return this.store.ping();
  }

  /** The ticket store answers. */
  tickets(): Promise<void> {
    return this.ticketStore.ping();
  }

  /** The ticket store answers and takes tickets. A broker that cannot dispatch is not ready. */
  async ticketsGoOut(): Promise<void> {
    await this.ticketStore.ping();
    const age = await dispatchStore.oldest(this.store.agents.sql);
    if (age !== null && age > OLDEST_MARK_S)
      throw new DroverError(
        'unavailable',
        `A ticket could not be sent to the ticket store for ${Math.round(age)} s; the log says why.`,
      );
  }

  /** The bus between the processes answers. */
  bus(): Promise<void> {
    return this.messages.ping();
  }

  /** The store of large objects answers. */
  blobs(): Promise<void> {
    return this.objects.ping();
  }
}
