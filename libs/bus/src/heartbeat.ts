const BEAT_MS = 3000;
/** Beats sent in a row without hearing one. */
const MOST_MISSED = 3;

/**
 * A subscription can die without a word (a half-open connection, a proxy, a server that forgot). So each process rings
 * for itself, and renews its subscriptions when it does not hear it.
 */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private unheard = 0;

  constructor(private readonly does: { beat(): void; missed(): void }) {}

  start(): void {
    this.unheard = 0;
    if (this.timer) return;
    this.timer = setInterval(() => {
      if (this.unheard >= MOST_MISSED) {
        this.unheard = 0;
        this.does.missed();
        return;
      }
      this.unheard += 1;
      this.does.beat();
    }, BEAT_MS);
    this.timer.unref();
  }

  heard(): void {
    this.unheard = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
