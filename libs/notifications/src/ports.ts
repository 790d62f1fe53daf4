import type { GuardedFetch, Mailer } from '@drover/outbound';
import type { Delivery, Store } from '@drover/store';

/** The content of a delivery: the JSON body of a webhook, or a mail. */
export type Said = { body: Record<string, unknown> } | { subject: string; text: string; html?: string };

/** Writes the deliveries of one source when they are sent. */
export interface Writer {
  /** Null: what it would tell of is gone, nobody is told. */
  write(delivery: Delivery): Promise<Said | null>;
  /** The text that is kept of a webhook answered with a failure: the answer (default), or the request. */
  keeps?: 'answer' | 'request';
}

/** The port of deliveries to the internal jobs; libs/queue has the adapter. */
interface InternalAdd {
  add(name: string, data: object, options: { id: string; delayMs?: number }): Promise<void>;
}

export interface NotificationParts {
  store: Store;
  internal: InternalAdd;
  /** Null: there is no mail server. */
  mailer: Mailer | null;
  /** The client for webhooks of a source: each has its own allowed networks. */
  fetchOf(source: string): GuardedFetch;
  /** The `source` of CloudEvents: a URI that names this installation. */
  eventSource: string;
  /** The time for one try of a webhook: connecting, sending, the answer. Milliseconds, at most 20 000. */
  webhookTimeoutMs: number;
  log: { warn(data: object, message: string): void };
  /** Counts tries. */
  onTry?(kind: Delivery['kind'], outcome: 'delivered' | 'retried' | 'failed' | 'dropped'): void;
}
