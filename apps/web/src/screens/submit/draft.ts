import type { JobDetail, SubmitJob } from '../../api/types.js';
import { OTHER, sectionsOf, type Field } from './fields.js';
import { SUBMIT_SCHEMA } from './schema.generated.js';
import type { Schema } from './schema.js';

/** The form as it is filled in: a text for each path; `true` for a box that is ticked. */
export type Draft = Readonly<Record<string, string>>;

type Values = Record<string, unknown>;
const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How many webhooks a form with this draft has room for: one more than are filled in. */
export const webhooksOf = (draft: Draft): number =>
  1 +
  Math.max(
    0,
    ...Object.entries(draft).map(([path, text]) =>
      text.trim() === '' ? 0 : 1 + Number(/^webhooks\.(\d+)\./.exec(path)?.[1] ?? -1),
    ),
  );

const fieldsOf = (webhooks: number, schema: Schema): Field[] =>
  sectionsOf(schema, webhooks).flatMap(({ fields }) => fields.filter(({ path }) => path !== OTHER));

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A text as JSON; undefined: it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The list of words that a command gives as JSON; null: it is a line for the shell. */
function wordsOf(text: string): string[] | null {
  const value = text.trimStart().startsWith('[') ? parsed(text) : null;
  return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : null;
}

/** The value that a field sends. What cannot be read goes as it was typed: the API says what is wrong with it. */
function valueOf({ kind }: Field, text: string): unknown {
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'lines':
      return linesOf(text);
    case 'pairs':
      return Object.fromEntries(
        linesOf(text).map((line) => {
          const at = line.indexOf('=');
          return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
        }),
      );
    case 'check':
      return text === 'true';
    case 'time': {
      const at = new Date(text);
      return Number.isNaN(at.getTime()) ? text : at.toISOString();
    }
    case 'command':
      return wordsOf(text) ?? text;
    case 'json':
      return parsed(text) ?? text;
    default:
      return text;
  }
}

/** The text of a value in a field; null: the field cannot hold it. */
function textOf({ kind }: Field, value: unknown): string | null {
  switch (kind) {
    case 'lines':
      return Array.isArray(value) ? value.join('\n') : null;
    case 'pairs':
      return isObject(value)
        ? Object.entries(value)
            .map(([name, one]) => `${name}=${String(one)}`)
            .join('\n')
        : null;
    case 'time': {
      const at = new Date(String(value));
      // An input of times takes those of the place where the browser is.
      return Number.isNaN(at.getTime())
        ? null
        : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().replace(/(\.000)?Z$/, '');
    }
    case 'json':
      return JSON.stringify(value, null, 2);
    case 'command':
      return typeof value === 'string' ? value : JSON.stringify(value);
    default:
      return typeof value === 'object' ? null : String(value);
  }
}

/** Inputs of one line take no line breaks, and those of several make all breaks alike. */
const fits = ({ kind }: Field, text: string): boolean => !(kind === 'text' ? /[\r\n]/ : /\r/).test(text);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fault of the other fields; null: there is none. */
export const faultOfOther = (draft: Draft): string | null =>
  (draft[OTHER] ?? '').trim() === '' || isObject(parsed(draft[OTHER] ?? ''))
    ? null
    : 'must be an object as JSON, such as {"name": "nightly"}';

/** The body of the request: what was filled in, and nothing else. */
export function bodyOf(draft: Draft, schema: Schema = SUBMIT_SCHEMA): SubmitJob {
  const body: Values = {};
  for (const field of fieldsOf(webhooksOf(draft), schema)) {
    const text = draft[field.path] ?? '';
    if (text.trim() === '' || (field.kind === 'check' && text !== 'true')) continue;
    put(body, field.path.split('.'), valueOf(field, text));
  }
  const other = parsed(draft[OTHER] ?? '');
  return withoutHoles(isObject(other) ? merged(body, other) : body) as SubmitJob;
}

function put(target: Values, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  put((target[name] ??= /^\d+$/.test(rest[0] ?? '') ? [] : {}) as Values, rest, value);
}

/** Both together: objects part by part, lists one behind the other; of other values the second counts. */
function merged(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as unknown[]), ...(other as unknown[])];
  if (!isObject(one) || !isObject(other)) return other;
  const all: Values = { ...one };
  for (const [name, value] of Object.entries(other)) all[name] = name in one ? merged(one[name], value) : value;
  return all;
}

/** A webhook that was left out between two others leaves no hole. */
const withoutHoles = (body: unknown): unknown =>
  isObject(body) && Array.isArray(body['webhooks'])
    ? { ...body, webhooks: body['webhooks'].filter((one) => one !== undefined) }
    : body;

/** A part of a job that its clone does not have, and why. */
interface LeftOut {
  field: string;
  why: string;
}

/** Nothing was asked for: the new job has it by itself. */
const isDefault = (name: string, value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  (name === 'priority' && value === 0) ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** The request that a job came from, as a body says it; and the values that this does not have. */
function askedOf(job: JobDetail, schema: Schema, now: number): { body: Values; left: LeftOut[] } {
  const left: LeftOut[] = [];
  const body: Values = {};
  for (const name of Object.keys(schema.properties ?? {})) {
    const value = (job as unknown as Values)[name];
    if (name === 'id' || isDefault(name, value)) continue;
    if (name === 'start_at' && job.cron !== null) continue;
    if ((name === 'start_at' || name === 'expires_at') && Date.parse(String(value)) <= now)
      left.push({ field: name, why: 'has passed' });
    else body[name] = value;
  }
  if (Object.values(job.env ?? {}).includes('***')) {
    body['env'] = Object.fromEntries(
      Object.entries(job.env).map(([name, value]) => {
        if (value === '***') left.push({ field: `env.${name}`, why: 'is not shown' });
        return [name, value === '***' ? '' : value];
      }),
    );
  }
  if (Array.isArray(body['webhooks']))
    body['webhooks'] = job.webhooks.map(({ signed, ...webhook }, at) => {
      if (signed) left.push({ field: `webhooks.${at}.secret`, why: 'is never shown' });
      return webhook;
    });
  return { body, left };
}

const valueAt = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Values | null | undefined)?.[name], body);

/** Takes a value out, and what is empty without it. */
function takeOut(target: Values, [name = '', ...rest]: string[]): void {
  const inner = target[name];
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) {
    takeOut(inner as Values, rest);
    if (Object.keys(inner).length > 0) return;
  }
  delete target[name];
}

/**
 * The form that submits a job like this one. Each value is in the field that can hold it exactly, else among the other
 * fields. `left`: values that the API does not show, and times that have passed.
 */
export function cloneOf(
  job: JobDetail,
  { schema = SUBMIT_SCHEMA, now = Date.now() }: { schema?: Schema; now?: number } = {},
): { draft: Draft; left: LeftOut[] } {
  const { body, left } = askedOf(job, schema, now);
  const draft: Record<string, string> = {};
  const rest = structuredClone(body);
  const webhooks = Array.isArray(body['webhooks']) ? body['webhooks'].length : 0;
  for (const field of fieldsOf(webhooks, schema)) {
    const value = valueAt(body, field.path);
    if (value === undefined) continue;
    const isOff = field.kind === 'check' && value === false;
    const text = isOff ? '' : textOf(field, value);
    const holds = text !== null && text.trim() !== '' && fits(field, text) && isSame(valueOf(field, text), value);
    if (!holds && !isOff) continue;
    if (holds) draft[field.path] = text;
    takeOut(rest, field.path.split('.'));
  }
  // A webhook is whole in its fields, or all are among the others.
  if (rest['webhooks'] !== undefined) {
    for (const path of Object.keys(draft)) if (path.startsWith('webhooks.')) delete draft[path];
    rest['webhooks'] = body['webhooks'];
  }
  if (Object.keys(rest).length > 0) draft[OTHER] = JSON.stringify(rest, null, 2);
  return { draft, left };
}

/** The faults of a refusal by the field of the form that they belong to; those of none are under ''. */
export function faultsByField(
  faults: readonly { field: string; message: string }[],
  draft: Draft = {},
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const paths = fieldsOf(webhooksOf(draft), SUBMIT_SCHEMA).map(({ path }) => path);
  const other = parsed(draft[OTHER] ?? '');
  for (const { field, message } of faults) {
    const isOther = isObject(other) && (field.split('.')[0] ?? '') in other;
    const own = paths.filter((path) => field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`));
    const path = own.toSorted((a, b) => b.length - a.length).find((one) => field.startsWith(one));
    const place = isOther ? OTHER : (path ?? own[0] ?? '');
    const words = place === '' || isOther ? `${field}: ${message}` : message;
    found.set(place, found.has(place) ? `${found.get(place)}; ${words}` : words);
  }
  return found;
}
