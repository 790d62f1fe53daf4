import { availableParallelism } from 'node:os';
import { DroverError } from '@drover/domain';

/** A login that waits: its client and its address. */
export interface Applicant {
  client: string;
  address: string;
}

interface Waiting {
  go: () => void;
}

/** Logins of one address, by client. */
type Lane = Map<string, Waiting[]>;

export interface LoginLineOptions {
  /** Checks at once. Each takes a core for some 30 ms. Default: half the cores. */
  atOnce?: number;
  /** Logins that wait, of one client from one address. Default: 8. */
  perClient?: number;
  /** Logins of one address that may wait. Default: 64. */
  perAddress?: number;
  /** Logins that may wait altogether. Default: 1,000. */
  inAll?: number;
}

/** Seconds after which a login that was refused may come again. */
const AGAIN_S = 1;

/**
 * The line before the checks of keys, which are dear by design. Addresses take turns, and within an address clients do:
 * who sends a hundred logins waits for them himself. What does not find room is refused with `rate_limited`, and may
 * come again in a second.
 */
export class LoginLine {
  private readonly atOnce: number;
  private readonly perClient: number;
  private readonly perAddress: number;
  private readonly inAll: number;
  /** The logins that wait, in the order of their turns: a map keeps the order in which its keys were put in. */
  private readonly lanes = new Map<string, Lane>();
  private running = 0;
  private waiting = 0;

  constructor(options: LoginLineOptions = {}) {
    this.atOnce = options.atOnce ?? Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2)));
    this.perClient = options.perClient ?? 8;
    this.perAddress = options.perAddress ?? 64;
    this.inAll = options.inAll ?? 1_000;
  }

  /** Does the work when its turn has come. Throws `rate_limited` when the line is full. */
  async inTurn<T>(applicant: Applicant, work: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce) await this.wait(applicant);
    else this.running += 1;
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  private wait({ client, address }: Applicant): Promise<void> {
    const lane = this.lanes.get(address) ?? new Map<string, Waiting[]>();
    const own = lane.get(client) ?? [];
    const ofAddress = [...lane.values()].reduce((sum, list) => sum + list.length, 0);
    if (own.length >= this.perClient || ofAddress >= this.perAddress || this.waiting >= this.inAll) throw tooMany();
    return new Promise((resolve) => {
      own.push({ go: resolve });
      lane.set(client, own);
      this.lanes.set(address, lane);
      this.waiting += 1;
    });
  }

  /**
   * Gives the place that has become free to the next address, and there to the next client; both go to the end of their
   * lines.
   */
  private next(): void {
    const turn = this.lanes.entries().next().value;
    if (!turn) {
      this.running -= 1;
      return;
    }
    const [address, lane] = turn;
    const [client, list] = lane.entries().next().value as [string, Waiting[]];
    const first = list.shift() as Waiting;
    lane.delete(client);
    if (list.length > 0) lane.set(client, list);
    this.lanes.delete(address);
    if (lane.size > 0) this.lanes.set(address, lane);
    this.waiting -= 1;
    first.go();
  }
}

function tooMany(): DroverError {
  return new DroverError('rate_limited', 'Too many logins wait; try again in a second.', { retry_after_s: AGAIN_S });
}
