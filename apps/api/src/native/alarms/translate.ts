import { ALARM_DEFAULTS, MAX_STARS, type ActiveAlarm } from '@drover/alarms';
import {
  invalid,
  type AlarmAction,
  type AlarmFiring,
  type AlarmRule,
  type AlarmSilence,
  type AlarmTransition,
  type FieldFault,
  type WebhookFormat,
} from '@drover/domain';
import type {
  AlarmFiringDto,
  AlarmStateDto,
  AlarmTransitionDto,
  AlarmViewDto,
  SilenceViewDto,
} from './alarm-views.dto.js';
import type { AlarmDto, SilenceDto } from './alarm.dto.js';

type NewRule = Omit<AlarmRule, 'id' | 'created_at' | 'updated_at'>;

/** Throws `invalid` for what no single field says. */
export function toRule(dto: AlarmDto, owner: string, mailPossible: boolean): NewRule {
  const faults: FieldFault[] = [];
  const targets = (['target', 'queue', 'command'] as const).filter((field) => dto[field] != null);
  if (targets.length !== 1) faults.push({ field: 'target', message: 'give one of target, queue and command' });
  const actions = (dto.actions ?? []).map((action, i) => toAction(action, `actions.${i}`, mailPossible, faults));
  if (JSON.stringify(dto.annotations ?? {}).length > 100_000)
    faults.push({ field: 'annotations', message: 'is longer than 100,000 characters; shorten it' });
  if (faults.length > 0) throw invalid(faults);
  const [kind = 'target'] = targets;
  return {
    ...ALARM_DEFAULTS,
    ...(Object.fromEntries(
      Object.entries(dto).filter(
        ([key, value]) => value != null && !['target', 'queue', 'command', 'actions'].includes(key),
      ),
    ) as Partial<NewRule>),
    name: dto.name,
    metric: dto.metric,
    operator: dto.operator,
    threshold: dto.threshold,
    target_kind: kind === 'target' ? 'entry' : kind,
    target: dto[kind] as string,
    actions,
    owner,
  };
}

function toAction(
  action: { type: AlarmAction['type']; url?: string; to?: string[]; format?: WebhookFormat },
  path: string,
  mailPossible: boolean,
  faults: FieldFault[],
): AlarmAction {
  if (action.type === 'webhook') {
    if (action.url == null) faults.push({ field: `${path}.url`, message: 'is missing; a webhook needs it' });
    const { format } = action;
    return { type: 'webhook', url: action.url ?? '', ...(format == null || format === 'json' ? {} : { format }) };
  }
  if (action.type === 'mail') {
    if (!action.to?.length) faults.push({ field: `${path}.to`, message: 'is missing; a mail needs addresses' });
    if (!mailPossible) faults.push({ field: `${path}.type`, message: 'cannot be mail: no mail server is configured' });
    return { type: 'mail', to: action.to ?? [] };
  }
  return { type: 'cancel' };
}

export const fromState = (alarm: ActiveAlarm): AlarmStateDto => ({
  alarm_id: alarm.rule.id,
  name: alarm.rule.name,
  entry: alarm.entry,
  job_name: alarm.job_name,
  state: alarm.state,
  severity: alarm.rule.severity,
  metric: alarm.rule.metric,
  active_at: alarm.active_at.toISOString(),
  fired_at: alarm.fired_at?.toISOString() ?? null,
  value: alarm.value,
  silenced_until: alarm.silenced_until?.toISOString() ?? null,
});

/** `active`: of any alarms. */
export const fromRule = (
  rule: AlarmRule,
  active: readonly ActiveAlarm[] = [],
  lastFired: Date | null = null,
): AlarmViewDto => ({
  id: rule.id,
  name: rule.name,
  target: rule.target_kind === 'entry' ? rule.target : null,
  queue: rule.target_kind === 'queue' ? rule.target : null,
  command: rule.target_kind === 'command' ? rule.target : null,
  metric: rule.metric,
  operator: rule.operator,
  threshold: rule.threshold,
  clear_threshold: rule.clear_threshold,
  for_s: rule.for_s,
  keep_for_s: rule.keep_for_s,
  no_data: rule.no_data,
  severity: rule.severity,
  labels: rule.labels,
  annotations: rule.annotations,
  group_by: rule.group_by,
  repeat_s: rule.repeat_s,
  actions: rule.actions,
  enabled: rule.enabled,
  owner: rule.owner,
  created_at: rule.created_at.toISOString(),
  updated_at: rule.updated_at.toISOString(),
  last_fired_at: lastFired?.toISOString() ?? null,
  states: active.filter((one) => one.rule.id === rule.id).map(fromState),
});

export const fromTransition = (one: AlarmTransition): AlarmTransitionDto => ({
  id: one.id,
  alarm_id: one.rule_id,
  name: one.rule_name,
  entry: one.entry,
  from: one.from_state,
  to: one.to_state,
  value: one.value,
  silenced: one.silenced,
  at: one.at.toISOString(),
  ended_by: one.ended_by,
});

export const fromFiring = (one: AlarmFiring): AlarmFiringDto => ({
  id: one.id,
  alarm_id: one.rule_id,
  name: one.rule_name,
  entry: one.entry,
  job_name: one.job_name,
  job_state: one.job_state,
  value: one.value,
  silenced: one.silenced,
  fired_at: one.fired_at.toISOString(),
  ended_at: one.ended_at?.toISOString() ?? null,
  ended_by: one.ended_by,
});

/** Throws `invalid`. */
export function toSilence(
  dto: SilenceDto,
  owner: string,
  now: Date,
): Omit<AlarmSilence, 'id' | 'created_at' | 'project'> {
  const starts = dto.starts_at == null ? now : new Date(dto.starts_at);
  const ends = new Date(dto.ends_at);
  const faults: FieldFault[] = [];
  if (ends <= starts) faults.push({ field: 'ends_at', message: 'must be after starts_at' });
  if (dto.matchers.length === 0)
    faults.push({
      field: 'matchers',
      message: 'must hold at least one; to silence everything, match alertname with the glob "*"',
    });
  dto.matchers.forEach((matcher, i) => {
    if (matcher.glob && matcher.value.split('*').length - 1 > MAX_STARS)
      faults.push({ field: `matchers.${i}.value`, message: `holds more than ${MAX_STARS} stars` });
  });
  if (faults.length > 0) throw invalid(faults);
  const matchers = dto.matchers.map((matcher) => ({
    name: matcher.name,
    value: matcher.value,
    glob: matcher.glob ?? false,
    equal: matcher.equal ?? true,
  }));
  return { matchers, starts_at: starts, ends_at: ends, comment: dto.comment ?? '', owner };
}

export const fromSilence = (one: AlarmSilence): SilenceViewDto => ({
  id: one.id,
  matchers: one.matchers,
  starts_at: one.starts_at.toISOString(),
  ends_at: one.ends_at.toISOString(),
  comment: one.comment,
  owner: one.owner,
  created_at: one.created_at.toISOString(),
});
