import { createParser } from 'eventsource-parser';
import type { Control, Started } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { Backoff } from './backoff.js';
import type { Session } from './session.js';

/** The API says something every 10 s; after this much silence the connection is taken for dead. Milliseconds. */
const SILENCE_MS = 30_000;

/** Holds the push channel open: a cancel is here before the next heartbeat. */
export class ControlChannel {
  private readonly stop = new AbortController();

  constructor(
    private readonly session: Session,
    private readonly onControl: (control: Control) => void,
    private readonly onStarted: (started: Started) => void,
    private readonly logger: Logger,
  ) {}

  start(): void {
    void this.run();
  }

  close(): void {
    this.stop.abort();
  }

  private async run(): Promise<void> {
    const backoff = new Backoff();
    while (!this.stop.signal.aborted) {
      try {
        await this.follow(() => backoff.reset());
      } catch (error) {
        if (!this.stop.signal.aborted) this.logger.debug({ err: error }, 'the push channel broke');
      }
      await backoff.wait(this.stop.signal);
    }
  }

  private async follow(onEvent: () => void): Promise<void> {
    const connection = new AbortController();
    const signal = AbortSignal.any([connection.signal, this.stop.signal]);
    const watchdog = setTimeout(() => connection.abort(), SILENCE_MS);
    try {
      const body = await this.session.call((client) => client.control(signal));
      const parser = createParser({
        onEvent: ({ event, data }) => {
          onEvent();
          if (event === 'control') this.onControl(JSON.parse(data) as Control);
          else if (event === 'start') this.onStarted(JSON.parse(data) as Started);
        },
      });
      const decoder = new TextDecoder();
      for await (const bytes of body) {
        watchdog.refresh();
        parser.feed(decoder.decode(bytes as Buffer, { stream: true }));
      }
    } finally {
      clearTimeout(watchdog);
      connection.abort();
    }
  }
}
