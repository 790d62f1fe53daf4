import { v7 as uuidv7 } from 'uuid';
import type { NewDelivery } from '@drover/store';
import type { TaskJobDetails } from '../record/task.rows.js';
import type { TaskSettings } from './plan.js';
import { eventsOf, type ExecutionStatus } from './status.js';

/** Tries of a mail, and the wait before the second one; each further wait is twice as long. */
const MAIL_TRIES = 8;
const MAIL_BACKOFF_MS = 5_000;
const MOST_RETRIES = 100;

/** Webhooks and mails that an end asks for. Webhooks without an URL are skipped, as is all mail without a mail server. */
export function noticesOf(
  executionId: string,
  status: ExecutionStatus,
  details: TaskJobDetails,
  settings: TaskSettings,
): NewDelivery[] {
  return eventsOf(status).flatMap((event): NewDelivery[] => {
    const base = { job_id: executionId, source: 'fastlane', event };
    const hooks = details.webhooks[event].filter((hook) => typeof hook.url === 'string' && hook.url !== '');
    return [
      ...hooks.map(({ url, headers, retries, secret }): NewDelivery => ({
        ...base,
        id: uuidv7(),
        kind: 'webhook',
        target: String(url),
        request: { headers: textHeaders(headers), ...(typeof secret === 'string' && secret !== '' ? { secret } : {}) },
        max_tries: 1 + retriesOf(retries),
        backoff_min_ms: settings.webhookBackoffMinMs,
        backoff_factor: settings.webhookBackoffFactor,
      })),
      ...(settings.mail ? details.notify[event] : []).map((target): NewDelivery => ({
        ...base,
        id: uuidv7(),
        kind: 'mail',
        target,
        request: {},
        max_tries: MAIL_TRIES,
        backoff_min_ms: MAIL_BACKOFF_MS,
        backoff_factor: 2,
      })),
    ];
  });
}

function textHeaders(given: unknown): Record<string, string> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

function retriesOf(given: unknown): number {
  const retries = Math.floor(Number(given ?? 0));
  return Number.isFinite(retries) && retries > 0 ? Math.min(retries, MOST_RETRIES) : 0;
}
