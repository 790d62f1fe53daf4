import { type When, secondsFirst } from '../core/plan.js';
import type { TaskJobDetails, TaskNotices } from '../record/task.rows.js';
import { bare, NO_IMAGE, NO_JSON, ONE_TIME, type FastlaneProblem } from './problem.js';
import { splitWords } from './split-words.js';

const MOST_RETRIES = 1_000_000_000;
/** Webhooks or mail addresses of one kind of end. */
const MOST_NOTICES = 100;
const LAST_SECOND = 253_402_300_799;
const EVENTS = ['succeeds', 'fails', 'finishes'] as const;
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f]/;

type Body = Record<string, unknown>;

const fault = (key: string, what: string): FastlaneProblem => bare(`${key} ${what}.`);
const given = (value: unknown): boolean => value !== undefined && value !== null;
const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the request in a body, checked whole before anything is stored. @throws FastlaneProblem with a bare text */
export function readPayload(
  body: unknown,
  hardTimeoutS: number,
  now = Date.now(),
): { details: TaskJobDetails; when: When } {
  if (!given(body) || body === '') throw bare(NO_JSON);
  if (!isObject(body)) throw bare('The JSON body must be an object.');
  if (!given(body['image']) || !given(body['command'])) throw bare(NO_IMAGE);
  if (['startAt', 'startIn', 'cron'].filter((key) => given(body[key])).length > 1) throw bare(ONE_TIME);
  const image = textOf(body, 'image');
  const command = textOf(body, 'command');
  const when = whenOf(body, now);
  const { timeout } = body;
  if (given(timeout) && !(typeof timeout === 'number' && timeout > 0))
    throw fault('timeout', 'must be a positive number of seconds');
  return {
    details: {
      image,
      command,
      words: wordsOf(command),
      envs: envsOf(body['envs']),
      custom: isObject(body['metadata']) && Object.keys(body['metadata']).length > 0 ? body['metadata'] : null,
      retries: retriesOf(body['retries']),
      timeout: Math.min(given(timeout) ? (timeout as number) : hardTimeoutS, hardTimeoutS),
      expiration: given(body['expiration']) ? secondsOf('expiration', body['expiration']) : null,
      cron: when.kind === 'cron' ? String(body['cron']) : null,
      notify: noticesOf(
        'notify',
        body['notify'],
        'a mail address',
        (item) => typeof item === 'string' && item !== '' && item.length <= 320 && !UNPRINTABLE.test(item),
      ),
      webhooks: noticesOf('webhooks', body['webhooks'], 'an object with an url', isObject),
      extra_hosts: hostsOf(body['additionalDNSEntries']),
    },
    when,
  };
}

function textOf(body: Body, key: string): string {
  const value = body[key];
  if (typeof value !== 'string' || value.trim() === '') throw fault(key, 'must be a non-empty text');
  return value;
}

function wordsOf(command: string): string[] {
  try {
    const words = splitWords(command);
    if (words.length > 0 && words[0] !== '') return words;
  } catch (error) {
    throw fault('command', `cannot be split into words: ${(error as Error).message}`);
  }
  throw fault('command', 'must begin with a word');
}

function envsOf(value: unknown): Record<string, string> {
  if (!given(value)) return {};
  if (!isObject(value)) throw fault('envs', 'must be an object of texts');
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (typeof inner === 'object' && inner !== null)
        throw fault('envs', `must be an object of texts, and ${name} is none`);
      if (name === '' || name.includes('=')) throw fault('envs', 'must have names that are not empty and without "="');
      return [name, inner === null ? '' : typeof inner === 'string' ? inner : JSON.stringify(inner)];
    }),
  );
}

function retriesOf(value: unknown): number {
  if (!given(value)) return 0;
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > MOST_RETRIES)
    throw fault('retries', 'must be an integer >= 0');
  return value as number;
}

function noticesOf<T>(key: string, value: unknown, what: string, fits: (item: unknown) => boolean): TaskNotices<T> {
  const notices: TaskNotices<T> = { succeeds: [], fails: [], finishes: [] };
  if (!given(value)) return notices;
  if (!isObject(value)) throw fault(key, 'must be an object with the lists succeeds, fails and finishes');
  for (const event of EVENTS) {
    const list = value[event];
    if (!given(list)) continue;
    if (!Array.isArray(list) || !list.every(fits)) throw fault(`${key}.${event}`, `must be a list, each entry ${what}`);
    if (list.length > MOST_NOTICES) throw fault(`${key}.${event}`, `must hold at most ${MOST_NOTICES} entries`);
    notices[event] = list as T[];
  }
  return notices;
}

function hostsOf(value: unknown): [string, string][] {
  if (!given(value)) return [];
  const fits = (text: unknown): text is string =>
    typeof text === 'string' && /^[^\s:,]+$|^[0-9a-fA-F:.]+$/.test(text) && !UNPRINTABLE.test(text);
  if (!isObject(value) || !Object.entries(value).every(([host, address]) => fits(host) && fits(address))) {
    throw fault('additionalDNSEntries', 'must be an object of host names and their addresses');
  }
  return Object.entries(value) as [string, string][];
}

/** Unix seconds: a number, or digits as text; a fraction is cut. */
function secondsOf(key: string, value: unknown): number {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value)
        ? Number(value)
        : Number.NaN;
  if (!Number.isFinite(number) || Math.abs(number) > LAST_SECOND) throw fault(key, 'must be a UNIX time in seconds');
  return Math.trunc(number);
}

function whenOf(body: Body, now: number): When {
  const { startAt, startIn, cron } = body;
  // Empty text or 0 count as given, and mean now.
  if (given(startAt) && startAt !== '' && startAt !== 0)
    return { kind: 'at', at: new Date(secondsOf('startAt', startAt) * 1000) };
  if (given(startIn) && startIn !== '' && startIn !== 0)
    return { kind: 'at', at: new Date(now + spanOf(startIn) * 1000) };
  if (!given(cron) || cron === '' || cron === 0) return { kind: 'now' };
  if (typeof cron !== 'string') throw fault('cron', 'must be a text of five fields');
  if (![5, 6].includes(cron.trim().split(/\s+/).length))
    throw fault('cron', 'must have five fields (or six, the last one being seconds)');
  return { kind: 'cron', pattern: secondsFirst(cron) };
}

const SPAN = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const LONGEST_SPAN_S = 100 * 366 * 86_400;

function spanOf(value: unknown): number {
  const match = typeof value === 'string' && value !== '' ? SPAN.exec(value.trim()) : null;
  const [hours, minutes, seconds] = [match?.[1], match?.[2], match?.[3]].map((part) => Number(part ?? 0));
  const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  if (!match || match[0] === '' || total > LONGEST_SPAN_S)
    throw fault('startIn', 'must be a time like 10s, 2m30s or 4h30m25s');
  return total;
}

const UUID = /^\{?(?:urn:uuid:)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/** Any spelling of a UUID in the usual one. Undefined: it is none. */
export function normalUuid(text: string): string | undefined {
  return UUID.exec(text)?.slice(1).join('-').toLowerCase();
}
