import { DroverError, isDroverError } from '@drover/domain';
import type { GuardedFetch, Mailer } from '@drover/outbound';
import type { Delivery, DeliveryTry } from '@drover/store';
import { CLOUD_EVENT } from './cloud-event.js';
import { signatureOf } from './signature.js';

/** The bytes of an answer's body that are kept. */
const KEPT_BYTES = 4_096;
const KEPT_ERROR = 500;
/** Headers that an HTTP client sets by itself, whatever a job asks for. */
const NOT_THEIRS = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'proxy-authorization',
  'proxy-connection',
]);

export interface Outcome {
  ok: boolean;
  /** Trying again would change nothing. */
  hopeless: boolean;
  one: DeliveryTry;
}

/** Tries once to send a webhook. Success is any status below 400. It throws when aborted from outside. */
export async function sendWebhook(
  delivery: Delivery,
  said: Record<string, unknown>,
  how: { fetch: GuardedFetch; keeps: 'answer' | 'request'; timeoutMs: number; signal: AbortSignal },
): Promise<Outcome> {
  const { fetch, keeps, timeoutMs, signal } = how;
  const at = new Date();
  const body = JSON.stringify(said);
  const headers = headersOf(delivery, body);
  const sent = { headers: Object.keys(headers), body: kept(Buffer.from(body)) };
  try {
    const answer = await fetch(delivery.target, {
      method: 'POST',
      headers,
      body,
      timeoutMs,
      maxBodyBytes: KEPT_BYTES,
      signal,
    });
    const ok = answer.status < 400;
    const shown = ok || keeps === 'answer' ? { headers: Object.keys(answer.headers), body: kept(answer.body) } : sent;
    return {
      ok,
      hopeless: false,
      one: {
        at,
        took_ms: since(at),
        status: answer.status,
        error: ok ? null : `The target answered ${answer.status}.`,
        ...shown,
      },
    };
  } catch (error) {
    if (signal.aborted) throw error;
    return {
      ok: false,
      hopeless: isHopeless(error),
      one: { at, took_ms: since(at), status: null, error: wording(error), ...sent },
    };
  }
}

/** Tries once to send a mail. */
export async function sendMail(
  mailer: Mailer | null,
  delivery: Delivery,
  said: { subject: string; text: string; html?: string },
): Promise<Outcome> {
  const at = new Date();
  const sent = { headers: [], body: kept(Buffer.from(said.subject)) };
  try {
    if (!mailer) throw new DroverError('unavailable', 'No mail server is configured.');
    const { code, text } = await mailer.send({ to: delivery.target, ...said, id: delivery.id });
    return {
      ok: true,
      hopeless: false,
      one: { at, took_ms: since(at), status: code, error: null, headers: [], body: kept(Buffer.from(text)) },
    };
  } catch (error) {
    const code = isDroverError(error) ? error.details['code'] : undefined;
    return {
      ok: false,
      hopeless: isHopeless(error),
      one: { at, took_ms: since(at), status: typeof code === 'number' ? code : null, error: wording(error), ...sent },
    };
  }
}

/** A try that came to nothing before anything was sent. */
export const unsent = (error: unknown): Outcome => ({
  ok: false,
  hopeless: false,
  one: { at: new Date(), took_ms: 0, status: null, error: wording(error), headers: [], body: '' },
});

function headersOf(delivery: Delivery, body: string): Record<string, string> {
  const { headers = {}, secret, format } = delivery.request;
  const theirs = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !NOT_THEIRS.has(name));
  return {
    'content-type': 'application/json',
    'user-agent': 'Drover',
    ...Object.fromEntries(theirs),
    ...(format === 'cloudevents' ? { 'content-type': CLOUD_EVENT } : {}),
    'x-drover-event': delivery.event,
    'x-drover-delivery': delivery.id,
    ...(secret === undefined ? {} : { 'x-drover-signature': signatureOf(secret, body) }),
  };
}

/** A refused address, an URL that is none, a mail that is refused for good. */
const isHopeless = (error: unknown): boolean => isDroverError(error, 'forbidden') || isDroverError(error, 'invalid');

const since = (at: Date): number => Math.max(0, Date.now() - at.getTime());
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');
const kept = (bytes: Buffer): string => storable(bytes.subarray(0, KEPT_BYTES).toString('utf8'));
const wording = (error: unknown): string =>
  storable(error instanceof Error ? error.message : String(error)).slice(0, KEPT_ERROR);
