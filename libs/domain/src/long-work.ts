/** How long a piece of long work may hold the event loop. */
const PIECE_MS = 8;

/** Works that wait for their next piece, in the order in which they came. */
const waiting: (() => void)[] = [];

/** Runs one piece in each turn of the event loop, however many works wait: requests are answered between two of them. */
function goOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(goOn);
}

/**
 * Work on thousands of things, done in pieces of a few milliseconds. All such works of the process take turns, so that
 * ten of them hold the others up no longer than one does. Whoever loops asks before each thing: `if (work.isDue())
 * await work.turn()`.
 */
export class LongWork {
  private until = performance.now() + PIECE_MS;

  /** Whether the piece has taken its time. */
  isDue(): boolean {
    return performance.now() >= this.until;
  }

  /** Comes back when the next piece may begin. */
  async turn(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(goOn);
    });
    this.until = performance.now() + PIECE_MS;
  }
}

/** Like `items.map(work)`, in pieces. */
export async function mapInPieces<T, R>(items: readonly T[], work: (item: T, index: number) => R): Promise<R[]> {
  const results: R[] = [];
  const pieces = new LongWork();
  for (const [index, item] of items.entries()) {
    if (pieces.isDue()) await pieces.turn();
    results.push(work(item, index));
  }
  return results;
}

/** Gives a long list to `work` in lists of at most `size`, others having their turn between them. */
export async function inLists<T>(
  items: readonly T[],
  size: number,
  work: (items: T[]) => Promise<void>,
): Promise<void> {
  const pieces = new LongWork();
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await pieces.turn();
    await work(from === 0 && items.length <= size ? [...items] : items.slice(from, from + size));
  }
}
