import type { Alarm, NewAlarm } from '../../api/types.js';

/** A kind of thing that a rule looks at. The API has a field of this name for each. */
export type Scope = 'queue' | 'command' | 'target';

export interface ActionDraft {
  type: 'webhook' | 'mail' | 'cancel';
  /** The URL of a webhook. */
  url: string;
  /** Mail addresses, separated by commas. */
  to: string;
}

/** The bench as it is filled in: texts, so that whatever was typed stays until the API has said what is wrong with it. */
export interface Draft {
  name: string;
  scope: Scope;
  /** The name of the queue, the command, or the entry. */
  watched: string;
  metric: string;
  operator: string;
  threshold: string;
  clear_threshold: string;
  for_s: string;
  keep_for_s: string;
  no_data: string;
  severity: string;
  labels: string;
  annotations: string;
  group_by: string;
  repeat_s: string;
  enabled: boolean;
  actions: readonly ActionDraft[];
}

export const NEW_DRAFT: Draft = {
  name: '',
  scope: 'queue',
  watched: 'default',
  metric: 'job_memory_bytes',
  operator: '>',
  threshold: '1073741824',
  clear_threshold: '',
  for_s: '',
  keep_for_s: '',
  no_data: 'ok',
  severity: 'warning',
  labels: '',
  annotations: '',
  group_by: '',
  repeat_s: '',
  enabled: true,
  actions: [],
};

/** The fields that the address has: what says when the rule fires. Receivers are not among them: they may be secrets. */
const IN_ADDRESS = [
  'name',
  'scope',
  'watched',
  'metric',
  'operator',
  'threshold',
  'clear_threshold',
  'for_s',
  'keep_for_s',
  'no_data',
] as const satisfies readonly (keyof Draft)[];

const SCOPES: readonly string[] = ['queue', 'command', 'target'];

/** The draft with what the address says. */
export function withAddress(draft: Draft, search: URLSearchParams): Draft {
  const said: Record<string, string> = {};
  for (const field of IN_ADDRESS) {
    const value = search.get(field);
    if (value !== null && (field !== 'scope' || SCOPES.includes(value))) said[field] = value;
  }
  return { ...draft, ...said };
}

/** The address of a draft: what differs from the one that it began with. Other parts of the address stay. */
export function addressOf(draft: Draft, first: Draft, before: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(before);
  for (const field of IN_ADDRESS)
    if (draft[field] === first[field]) next.delete(field);
    else next.set(field, draft[field]);
  return next;
}

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90`, `90s`, `5m`, `2h` or `1d` in seconds; anything else as it was typed, for the API to say what is wrong. */
export function secondsOf(text: string): number | string {
  const [, count = '', unit = 's'] = /^\s*(\d+(?:\.\d+)?)\s*([smhd])?\s*$/.exec(text) ?? [];
  return count === '' ? text : Number(count) * (UNIT_S[unit] ?? 1);
}

/** A number as it is typed; anything else as it was. */
export const numberOf = (text: string): number | string =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const pairsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );

const actionOf = ({ type, url, to }: ActionDraft): Record<string, unknown> => {
  if (type === 'webhook') return { type, url: url.trim() };
  if (type === 'mail') return { type, to: to.split(/[,\s]+/).filter((one) => one !== '') };
  return { type };
};

/** The fields that say when a rule fires, those that are filled in. */
function firesOf(draft: Draft): Record<string, unknown> {
  const fields: Record<string, unknown> = { operator: draft.operator, no_data: draft.no_data };
  if (draft.watched.trim() !== '')
    fields[draft.scope] = draft.scope === 'command' ? draft.watched : draft.watched.trim();
  if (draft.metric.trim() !== '') fields['metric'] = draft.metric.trim();
  for (const field of ['threshold', 'clear_threshold'] as const)
    if (draft[field].trim() !== '') fields[field] = numberOf(draft[field]);
  for (const field of ['for_s', 'keep_for_s'] as const)
    if (draft[field].trim() !== '') fields[field] = secondsOf(draft[field]);
  return fields;
}

/** The part of a rule that a backtest takes. Null: it does not yet say what it looks at, or its threshold. */
export function conditionOf(draft: Draft): NewAlarm | null {
  if ([draft.watched, draft.metric, draft.threshold].some((text) => text.trim() === '')) return null;
  return { name: 'tried', ...firesOf(draft) } as unknown as NewAlarm;
}

/** The body that makes the alarm. Fields that are empty are left out: the API says which it needs. */
export const bodyOf = (draft: Draft): NewAlarm =>
  ({
    ...firesOf(draft),
    name: draft.name.trim(),
    enabled: draft.enabled,
    actions: draft.actions.map(actionOf),
    ...(draft.severity.trim() === '' ? {} : { severity: draft.severity.trim() }),
    ...(draft.labels.trim() === '' ? {} : { labels: pairsOf(draft.labels) }),
    ...(draft.annotations.trim() === '' ? {} : { annotations: pairsOf(draft.annotations) }),
    ...(draft.group_by.trim() === '' ? {} : { group_by: linesOf(draft.group_by) }),
    ...(draft.repeat_s.trim() === '' ? {} : { repeat_s: secondsOf(draft.repeat_s) }),
  }) as unknown as NewAlarm;

const shownSeconds = (seconds: number): string => (seconds === 0 ? '' : `${seconds}s`);
const shownPairs = (pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/** The bench filled in with an alarm that is there. */
export function draftOf(alarm: Alarm): Draft {
  const scope: Scope = alarm.queue !== null ? 'queue' : alarm.command !== null ? 'command' : 'target';
  return {
    name: alarm.name,
    scope,
    watched: alarm[scope] ?? '',
    metric: alarm.metric,
    operator: alarm.operator,
    threshold: String(alarm.threshold),
    clear_threshold: alarm.clear_threshold === null ? '' : String(alarm.clear_threshold),
    for_s: shownSeconds(alarm.for_s),
    keep_for_s: shownSeconds(alarm.keep_for_s),
    no_data: alarm.no_data,
    severity: alarm.severity,
    labels: shownPairs(alarm.labels),
    annotations: shownPairs(alarm.annotations),
    group_by: alarm.group_by.join('\n'),
    repeat_s: shownSeconds(alarm.repeat_s),
    enabled: alarm.enabled,
    actions: alarm.actions.map((action) => ({
      type: action.type,
      url: action.url ?? '',
      to: action.to?.join(', ') ?? '',
    })),
  };
}

/** The faults of a refusal by the field of the bench; those of none are under ''. */
export function faultsByField(
  faults: readonly { field: string; message: string }[],
  fields: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { field, message } of faults) {
    const [head = '', at = ''] = field.split('.');
    const place = SCOPES.includes(head) ? 'watched' : head === 'actions' ? `actions.${at}` : head;
    const known = fields.has(place) || /^actions\.\d+$/.test(place);
    const key = known ? place : '';
    const words = known ? message : `${field}: ${message}`;
    found.set(key, found.has(key) ? `${found.get(key)}; ${words}` : words);
  }
  return found;
}
