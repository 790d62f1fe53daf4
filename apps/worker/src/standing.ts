import { OLDEST_API_PROTOCOL, UNTOLD_PROTOCOL } from '@drover/domain';
import { LEASE_S, type RegisterResponse } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import type { ApiRefused } from './agent.client.js';

/** The worker, as far as the API's opinion of it steers it. */
interface Steered {
  /** This reason keeps it from work no more. */
  take(reason: string): void;
  /** Takes no work for this reason. What runs goes on. */
  takeNone(reason: string): void;
  /** Milliseconds since the API has last answered. */
  silentMs(): number;
  /** Ends what runs here, and reports none of it. */
  giveUp(): void;
}

const REFUSED = 'refused by the API';
const LEASE_MS = LEASE_S * 1_000;

/** Heeds what the API thinks of this worker: whether both speak the same protocol, and whether it is wanted at all. */
export class Standing {
  /** The log says that the API does not want this node. */
  private told = false;
  /** Refusals without a break between them, by the clock; the first of them came after so long a silence. Null: none. */
  private refusals: { first: number; last: number; silentMs: number } | null = null;

  constructor(
    private readonly apiUrl: string,
    private readonly logger: Logger,
    private readonly worker: Steered,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes no work from an API that is too old, or that says this worker is. What runs here goes on. */
  registered({ protocol = UNTOLD_PROTOCOL, version, too_old: tooOld }: RegisterResponse): void {
    this.told = false;
    this.refusals = null;
    this.worker.take(REFUSED);
    if (tooOld !== undefined) this.logger.error(tooOld);
    if (protocol < OLDEST_API_PROTOCOL) {
      this.logger.error(
        `The API at ${this.apiUrl} (Drover ${version ?? 'of unknown version'}) speaks version ${protocol} of the agent protocol, and this worker works from version ${OLDEST_API_PROTOCOL} on: it takes no jobs. Upgrade the API before its workers.`,
      );
      this.worker.takeNone('the API is too old');
    } else this.worker.take('the API is too old');
    if (tooOld === undefined) this.worker.take('too old for the API');
    else this.worker.takeNone('too old for the API');
  }

  /**
   * Takes no more work from an API that does not want this node, and gives up what runs here once its lease is over:
   * the API starts it elsewhere then. What is refused for less than that goes on, also where the API was away before:
   * one wrong answer after an outage is no reason to end jobs.
   */
  refused({ status, message }: ApiRefused): void {
    if (!this.told)
      this.logger.error(
        `The API at ${this.apiUrl} refuses this node (${status}): ${message} What runs here is ended when that has lasted for ${LEASE_S} s, and starts elsewhere.`,
      );
    this.told = true;
    this.worker.takeNone(REFUSED);
    const [now, silentMs] = [this.now(), this.worker.silentMs()];
    if (this.refusals === null || now - this.refusals.last > LEASE_MS)
      this.refusals = { first: now, last: now, silentMs };
    this.refusals.last = now;
    const wasAway = this.refusals.silentMs > LEASE_MS;
    if ((wasAway ? now - this.refusals.first : silentMs) >= LEASE_MS) this.worker.giveUp();
  }
}
