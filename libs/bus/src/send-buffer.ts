/** Topic and payload. */
export type Message = [topic: string, payload: string];

const QUIET_MS = 5;
/** More than this within one window is dropped: whoever missed a doorbell looks by itself. */
const MOST_PENDING = 10_000;

/**
 * Collects what is published: the first goes out at the end of the present turn, what follows within 5 ms together
 * after them.
 */
export class SendBuffer {
  private pending = new Map<string, Message>();
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private closed = false;

  constructor(private readonly send: (messages: Message[]) => void) {}

  put(topic: string, payload: string): void {
    if (this.closed || this.pending.size >= MOST_PENDING) return;
    this.pending.set(`${topic.length}:${topic}${payload}`, [topic, payload]);
    if (this.timer || this.immediate) return;
    this.immediate = setImmediate(() => {
      this.immediate = undefined;
      this.flush();
    });
  }

  private flush(): void {
    this.timer = undefined;
    if (this.pending.size === 0) return;
    const messages = [...this.pending.values()];
    this.pending = new Map();
    this.timer = setTimeout(() => this.flush(), QUIET_MS);
    this.send(messages);
  }

  /** Sends what is left and takes nothing more. */
  close(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.flush();
    clearTimeout(this.timer);
    this.closed = true;
  }
}
