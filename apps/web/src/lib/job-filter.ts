import { CAUSES, JOB_STATES } from '../api/types.js';

/**
 * The fields of the filter of jobs. The filter is the address: `/jobs?state=failed&queue=gpu`. A field may have several
 * values; the API says which of them have to fit.
 */
const FILTER_FIELDS = [
  'state',
  'queue',
  'node',
  'owner',
  'tag',
  'cause',
  'exit',
  'dialect',
  'name',
  'parent',
  'created_after',
  'created_before',
  'started_after',
  'started_before',
  'finished_after',
  'finished_before',
  'q',
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];
export type JobFilter = Partial<Record<FilterField, string[]>>;

/** Fields that take several values; of the others the last one counts. */
const MANY: ReadonlySet<FilterField> = new Set(['state', 'tag', 'cause']);

/** Closed lists of values, for completion. */
export const VALUES_OF: Partial<Record<FilterField, readonly string[]>> = { state: JOB_STATES, cause: CAUSES };

/** Names of fields as they are typed: `created>2h` and `created<2026-01-31` are the two ends of a time. */
const TIMES: Readonly<Record<string, FilterField>> = {
  'created>': 'created_after',
  'created<': 'created_before',
  'started>': 'started_after',
  'started<': 'started_before',
  'finished>': 'finished_after',
  'finished<': 'finished_before',
};

export interface FilterToken {
  field: FilterField;
  value: string;
}

const isField = (name: string): name is FilterField => (FILTER_FIELDS as readonly string[]).includes(name);

/** The filter that an address holds. Fields it does not know are left out. */
export function filterOf(search: URLSearchParams): JobFilter {
  const filter: JobFilter = {};
  for (const field of FILTER_FIELDS) {
    const values = search.getAll(field).flatMap((value) => (MANY.has(field) ? value.split(',') : [value]));
    const kept = [...new Set(values.filter((value) => value !== ''))];
    if (kept.length > 0) filter[field] = MANY.has(field) ? kept : kept.slice(-1);
  }
  return filter;
}

/** The query of an address with this filter, in one order: the same filter is the same address. */
export function searchOf(filter: JobFilter): string {
  const search = new URLSearchParams();
  for (const field of FILTER_FIELDS) {
    const values = filter[field];
    if (values && values.length > 0) search.set(field, values.join(','));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** The address of the list of jobs with a filter. */
export const jobsAt = (filter: JobFilter): string => `/jobs${searchOf(filter)}`;

/** One token for each value, in the order of the fields. */
export const tokensOf = (filter: JobFilter): FilterToken[] =>
  FILTER_FIELDS.flatMap((field) => (filter[field] ?? []).map((value) => ({ field, value })));

/** A token as it is typed. */
export function textOf({ field, value }: FilterToken): string {
  if (field === 'q') return value;
  const time = Object.entries(TIMES).find(([, name]) => name === field)?.[0];
  return time === undefined ? `${field}:${value}` : `${time}${value}`;
}

/** Reads a typed text as a token: `field:value`, a time, or a text that is looked for. Null: there is no value yet. */
export function parseToken(typed: string): FilterToken | null {
  const text = typed.trim();
  const [, time, when = ''] = /^((?:created|started|finished)[<>])(.*)$/.exec(text) ?? [];
  if (time !== undefined) return when === '' ? null : { field: TIMES[time] as FilterField, value: when };
  const colon = text.indexOf(':');
  const name = colon < 0 ? '' : text.slice(0, colon);
  if (isField(name) && name !== 'q') {
    const value = text.slice(colon + 1);
    return value === '' ? null : { field: name, value };
  }
  return text === '' ? null : { field: 'q', value: text };
}

/** The filter with a token more; a field of one value has the new one instead. */
export function withToken(filter: JobFilter, { field, value }: FilterToken): JobFilter {
  const before = MANY.has(field) ? (filter[field] ?? []) : [];
  return { ...filter, [field]: [...new Set([...before, value])] };
}

/** The filter without this token. */
export function withoutToken(filter: JobFilter, { field, value }: FilterToken): JobFilter {
  const { [field]: values = [], ...rest } = filter;
  const left = values.filter((one) => one !== value);
  return left.length === 0 ? rest : { ...rest, [field]: left };
}
