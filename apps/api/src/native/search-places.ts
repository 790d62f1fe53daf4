import { currentCaller } from '@drover/access';
import { DroverError } from '@drover/domain';

/** Searches of logs at once in this process: each has a thread. */
const PLACES = 4;
/** Searches of one client, or of one address without a login. */
const OF_CLIENT = 2;

/** The places for searches in logs. */
export class SearchPlaces {
  private taken = 0;
  private readonly ofClients = new Map<string, number>();

  /** Takes a place; the answer gives it back. Throws `rate_limited`, `unavailable`. */
  take(): () => void {
    const caller = currentCaller();
    const client = caller === null || caller.name === 'anonymous' ? `address ${caller?.address ?? ''}` : caller.name;
    const own = this.ofClients.get(client) ?? 0;
    if (own >= OF_CLIENT)
      throw new DroverError(
        'rate_limited',
        `You have ${OF_CLIENT} searches in logs under way; end one of them, or wait for its end.`,
        { retry_after_s: 1 },
      );
    if (this.taken >= PLACES)
      throw new DroverError('unavailable', `${PLACES} searches in logs are under way; try again in a second.`);
    this.taken += 1;
    this.ofClients.set(client, own + 1);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.taken -= 1;
      const left = (this.ofClients.get(client) ?? 1) - 1;
      if (left > 0) this.ofClients.set(client, left);
      else this.ofClients.delete(client);
    };
  }
}
