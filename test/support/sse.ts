import { createParser } from 'eventsource-parser';

export interface SeenEvent {
  id?: string;
  event?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what came
  data: any;
}

/** Reads server-sent events in the background; `events` grows. */
export class EventReader {
  readonly events: SeenEvent[] = [];
  comments = 0;
  status = 0;
  private readonly stop = new AbortController();
  /** Resolves when the server has ended the stream, or `close` was called. */
  readonly ended: Promise<void>;
  readonly opened: Promise<number>;

  constructor(url: string, headers: Record<string, string> = {}) {
    let open: (status: number) => void = () => undefined;
    this.opened = new Promise((resolve) => (open = resolve));
    this.ended = this.read(url, headers, open);
  }

  private async read(url: string, headers: Record<string, string>, open: (status: number) => void): Promise<void> {
    try {
      const answer = await fetch(url, {
        headers: { accept: 'text/event-stream', ...headers },
        signal: this.stop.signal,
      });
      this.status = answer.status;
      open(answer.status);
      const parser = createParser({
        onEvent: ({ id, event, data }) =>
          this.events.push({
            ...(id === undefined ? {} : { id }),
            ...(event === undefined ? {} : { event }),
            data: JSON.parse(data),
          }),
        onComment: () => (this.comments += 1),
      });
      const decoder = new TextDecoder();
      if (answer.status !== 200) return;
      for await (const part of answer.body ?? []) parser.feed(decoder.decode(part as Uint8Array, { stream: true }));
    } catch {
      open(0);
    }
  }

  of(event: string): SeenEvent[] {
    return this.events.filter((seen) => seen.event === event);
  }

  close(): Promise<void> {
    this.stop.abort();
    return this.ended;
  }
}
