import { DatabaseAway } from './outage.js';

interface Waiting {
  enter: () => void;
  timer: NodeJS.Timeout;
}

export interface GateOptions {
  /** Statements that may be under way at once. */
  places: number;
  /** Statements that may wait for their turn. */
  most: number;
  /** How long one waits for a place. */
  withinMs: number;
}

/**
 * The line before a pool of connections. A pool gives up on whoever waits as it gives up on a server that does not
 * answer, after the same few seconds; in this line a burst waits for its turn, in order, and a server that is away is
 * still noticed soon.
 */
export class Gate {
  private inside = 0;
  private line: Waiting[] = [];

  constructor(private readonly options: GateOptions) {}

  /** Runs `work` when there is a place. @throws DatabaseAway when the line is full, or no place became free in time */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.inside < this.options.places) {
      this.inside += 1;
      return Promise.resolve();
    }
    if (this.line.length >= this.options.most)
      return Promise.reject(new DatabaseAway(new Error(`${this.line.length} statements wait already.`)));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter: resolve,
        timer: setTimeout(() => {
          this.line = this.line.filter((other) => other !== waiting);
          reject(new DatabaseAway(new Error(`No connection became free within ${this.options.withinMs} ms.`)));
        }, this.options.withinMs),
      };
      this.line.push(waiting);
    });
  }

  private leave(): void {
    const next = this.line.shift();
    if (!next) {
      this.inside -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }
}
