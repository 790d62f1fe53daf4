/** A longer gap between two answers of the record means: we were not there to hear the agents. Milliseconds. */
const LONGEST_GAP_MS = 3_000;

/**
 * When this process was there to hear the agents: up, on time, and with a record that answered. An agent's silence
 * counts only then, and for each agent the whole of it: a gap makes the wait longer by its own length, and by no more.
 */
export class Attention {
  private spans: { from: number; to: number }[] = [];

  /** @param keepMs silence that anybody will ask for at most */
  constructor(private readonly keepMs: number) {}

  /** The record answered. `now` is of a clock that never goes back. */
  answered(now: number): void {
    const last = this.spans.at(-1);
    if (last && now - last.to <= LONGEST_GAP_MS) last.to = now;
    else this.spans.push({ from: now, to: now });
    for (let heard = 0, at = this.spans.length - 1; at >= 0; at -= 1) {
      const { from, to } = this.spans[at] as { from: number; to: number };
      heard += to - from;
      if (heard >= this.keepMs) this.spans.splice(0, at);
      if (heard >= this.keepMs) return;
    }
  }

  /**
   * How old the last word of an agent must be for it to have been silent for `ms` while we listened. Null: we have not
   * listened for that long, or do not now.
   */
  ageOfSilence(ms: number, now: number): number | null {
    const last = this.spans.at(-1);
    if (!last || now - last.to > LONGEST_GAP_MS) return null;
    let left = ms;
    for (let at = this.spans.length - 1; at >= 0; at -= 1) {
      const { from, to } = this.spans[at] as { from: number; to: number };
      if (to - from >= left) return now - (to - left);
      left -= to - from;
    }
    return null;
  }
}
