import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { deliveryStore, type Delivery, type DeliveryTry, type NewDelivery } from '@drover/store';
import { cloudEventOf } from './cloud-event.js';
import type { NotificationParts, Said, Writer } from './ports.js';
import { sendMail, sendWebhook, unsent, type Outcome } from './send.js';

export type { NotificationParts } from './ports.js';

/** Name of the internal job that is a doorbell for one delivery. */
export const DELIVER = 'deliver';
/** Longer than any try takes: a delivery in the hands of a dead process is taken by another one after this. */
const LEASE_MS = 30_000;
/** Tries at once in this process, and of them to one host. */
const AT_ONCE = 48;
const AT_ONCE_A_HOST = 8;
/** A host with that many under way gets its next ones later, and others come first. */
const BUSY_MS = 1_000;
const LONGEST_WAIT_MS = 86_400_000;
const BATCH = 200;
const CLOSE_MS = 3_000;
const MOST_SHOWN = 500;
const FORGET_BATCH = 5_000;
/** Namespace of ids made of names. */
const NAMES = '0d6d6d9e-6f9c-5b7e-9d1c-0a8f2a3c4b5d';

export interface NewMail {
  to: string[];
  subject: string;
  text: string;
  html?: string;
  /** The part of Drover that sends it. Default `mail`. */
  source?: string;
  /** Same name, same mail: said once. */
  name?: string;
}

/**
 * Delivers webhooks and mails. Their rows are the truth; internal jobs are doorbells, so that an emptied Redis delays a
 * delivery by a second and loses none. Each is tried at least once: one whose process died between answer and note is
 * sent twice, with the same `X-Drover-Delivery`.
 */
export class NotificationsService {
  private readonly writers = new Map<string, Writer>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly hosts = new Map<string, number>();
  private readonly stop = new AbortController();
  private sweeping: Promise<void> | undefined;
  private again = false;

  constructor(private readonly parts: NotificationParts) {}

  /** Names who writes the deliveries of a source. Those with content of their own need nobody. */
  writes(source: string, writer: Writer): void {
    this.writers.set(source, writer);
  }

  get canMail(): boolean {
    return this.parts.mailer !== null;
  }

  /** Takes deliveries and begins with them. When it resolves they are in the record. Known ids are left as they are. */
  async enqueue(rows: NewDelivery[]): Promise<void> {
    await deliveryStore.insert(this.parts.store.sql, rows);
    this.poke();
  }

  /** Sends one mail to each address, with retries over about ten minutes. */
  async mail({ to, subject, text, html, source = 'mail', name }: NewMail): Promise<void> {
    const content = { subject, text, ...(html === undefined ? {} : { html }) };
    await this.enqueue(
      to.map((target) => ({
        id: name === undefined ? uuidv7() : idOf(`${name}\n${target}`),
        job_id: null,
        source,
        kind: 'mail' as const,
        event: source,
        target,
        content,
        request: {},
        max_tries: 8,
        backoff_min_ms: 5_000,
        backoff_factor: 2,
      })),
    );
  }

  /** There is something due. Best effort: `sweep` finds it within a second. */
  poke(): void {
    void this.sweep().catch(() => undefined);
  }

  /** Rings for everything that is due and in nobody's hands. One at a time; a call meanwhile means one more. */
  sweep(): Promise<void> {
    this.again = true;
    this.sweeping ??= (async () => {
      try {
        while (this.again && !this.stop.signal.aborted) {
          this.again = false;
          for (const { id, tries } of await deliveryStore.due(this.parts.store.sql, BATCH))
            await this.ring(id, tries, 0);
        }
      } finally {
        this.sweeping = undefined;
      }
    })();
    return this.sweeping;
  }

  /**
   * The doorbell's handler: takes the delivery and leaves at once, because the workers of the internal jobs have other
   * things to do than to wait for somebody's server. The lease of the row is what holds it.
   */
  async begin({ id }: { id: string }): Promise<void> {
    if (this.stop.signal.aborted || this.underWay.size >= AT_ONCE) return;
    const delivery = await deliveryStore.take(this.parts.store.sql, id, LEASE_MS);
    if (!delivery) return;
    const host = hostOf(delivery);
    const busy = this.hosts.get(host) ?? 0;
    if (busy >= AT_ONCE_A_HOST) return deliveryStore.putBack(this.parts.store.sql, id, BUSY_MS);
    this.hosts.set(host, busy + 1);
    const work = this.deliver(delivery)
      .catch((error: unknown) =>
        this.parts.log.warn({ error: String(error), delivery: id }, 'a delivery is tried again when its lease is over'),
      )
      .finally(() => {
        this.underWay.delete(work);
        const left = (this.hosts.get(host) ?? 1) - 1;
        if (left > 0) this.hosts.set(host, left);
        else this.hosts.delete(host);
      });
    this.underWay.add(work);
  }

  /** The deliveries of one job of the record, in the order of their making, with every try. */
  async ofJob(jobId: string): Promise<(Delivery & { log: DeliveryTry[] })[]> {
    return deliveryStore.ofJob(this.parts.store.sql, jobId, MOST_SHOWN);
  }

  /** Forgets deliveries that were done more than `keptS` seconds ago, a batch at a time. */
  async forget(keptS: number): Promise<void> {
    await deliveryStore.forget(this.parts.store.sql, keptS, FORGET_BATCH);
  }

  /** Waits a little for what is under way, then cuts it off: another process begins it anew. */
  async close(): Promise<void> {
    const cut = setTimeout(() => this.stop.abort(), CLOSE_MS);
    await Promise.allSettled(this.underWay);
    clearTimeout(cut);
    this.stop.abort();
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { parts } = this;
    const { store } = parts;
    let outcome: Outcome | null;
    try {
      outcome = await this.attempt(delivery);
    } catch (error) {
      if (!this.stop.signal.aborted) throw error;
      return deliveryStore.putBack(store.sql, delivery.id, 0);
    }
    const note = (next: Parameters<typeof deliveryStore.tried>[3]): Promise<void> =>
      store.tx((sql) => deliveryStore.tried(sql, delivery.id, outcome?.one ?? null, next));
    if (outcome === null) {
      await note({ state: 'dropped' });
      parts.onTry?.(delivery.kind, 'dropped');
    } else if (outcome.ok || outcome.hopeless || delivery.tries >= delivery.max_tries) {
      await note({ state: outcome.ok ? 'delivered' : 'failed' });
      parts.onTry?.(delivery.kind, outcome.ok ? 'delivered' : 'failed');
    } else {
      const waitMs = Math.min(
        delivery.backoff_min_ms * delivery.backoff_factor ** (delivery.tries - 1),
        LONGEST_WAIT_MS,
      );
      await note({ due_in_ms: waitMs });
      parts.onTry?.(delivery.kind, 'retried');
      await this.ring(delivery.id, delivery.tries, waitMs);
    }
  }

  private async attempt(delivery: Delivery): Promise<Outcome | null> {
    const writer = this.writers.get(delivery.source);
    let said: Said | null;
    try {
      said = delivery.content ? saidBy(delivery) : ((await writer?.write(delivery)) ?? null);
    } catch (error) {
      return unsent(error);
    }
    if (said === null) return null;
    const { parts } = this;
    if (!('body' in said)) return sendMail(parts.mailer, delivery, said);
    const body =
      delivery.request.format === 'cloudevents' ? cloudEventOf(delivery, said.body, parts.eventSource) : said.body;
    return sendWebhook(delivery, body, {
      fetch: parts.fetchOf(delivery.source),
      keeps: writer?.keeps ?? 'answer',
      timeoutMs: parts.webhookTimeoutMs,
      signal: this.stop.signal,
    });
  }

  private async ring(id: string, tries: number, delayMs: number): Promise<void> {
    try {
      await this.parts.internal.add(
        DELIVER,
        { id },
        { id: `${DELIVER}-${id}-${tries}`, ...(delayMs > 0 ? { delayMs } : {}) },
      );
    } catch (error) {
      this.parts.log.warn(
        { error: String(error), delivery: id },
        'no doorbell for a delivery; the next sweep rings again',
      );
    }
  }
}

/** The id of what has a name: saying it again is saying it once. */
export const idOf = (name: string): string => uuidv5(name, NAMES);

const saidBy = ({ kind, content }: Delivery): Said =>
  kind === 'webhook' ? { body: content ?? {} } : (content as unknown as { subject: string; text: string });

function hostOf({ kind, target }: Delivery): string {
  if (kind === 'mail') return 'mail';
  return URL.canParse(target) ? new URL(target).host : '';
}
