import type { WebhookFormat } from './deliveries.js';
import type { JobState } from './states.js';

/**
 * The kinds of target of an alarm: one entry (`main`, `Node: <name>`, a job), or every job of a queue or with a
 * command.
 */
export const ALARM_TARGET_KINDS = ['entry', 'queue', 'command'] as const;
export type AlarmTargetKind = (typeof ALARM_TARGET_KINDS)[number];
export const ALARM_OPERATORS = ['>', '<', '='] as const;
export type AlarmOperator = (typeof ALARM_OPERATORS)[number];
/**
 * The meaning of an entry without the metric, or without data: ok = no alarm, as in Prometheus; alarm; keep = as it
 * was.
 */
export const ALARM_NO_DATA = ['ok', 'alarm', 'keep'] as const;
export type AlarmNoData = (typeof ALARM_NO_DATA)[number];

export type AlarmAction =
  /** POST in Alertmanager's format; `format` absent: json. */
  | { type: 'webhook'; url: string; format?: WebhookFormat }
  | { type: 'mail'; to: string[] }
  /** Ends the job the alarm is about. Nothing for main and nodes. */
  | { type: 'cancel' };

export interface AlarmRule {
  id: string;
  name: string;
  target_kind: AlarmTargetKind;
  /** Id of an entry, name of a queue, or a command. */
  target: string;
  /** The name with its labels. */
  metric: string;
  operator: AlarmOperator;
  threshold: number;
  /** Once it fires, it fires until the value passes this one. null: the threshold itself. */
  clear_threshold: number | null;
  /** How long the condition has to hold before it fires, seconds. */
  for_s: number;
  /** How long it goes on firing after the condition stopped to hold, seconds. */
  keep_for_s: number;
  no_data: AlarmNoData;
  severity: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Labels whose values tell notifications apart. */
  group_by: string[];
  /** Told again after so many seconds while it fires. */
  repeat_s: number;
  actions: AlarmAction[];
  enabled: boolean;
  owner: string;
  project: string;
  created_at: Date;
  updated_at: Date;
}

/** Every state a rule can be in for one entry, in the order of an alarm. */
export const ALARM_STATES = ['inactive', 'pending', 'firing'] as const;
/** The states that are stored; an alert without a stored state is inactive. */
export const KEPT_ALARM_STATES = ['pending', 'firing'] as const satisfies readonly (typeof ALARM_STATES)[number][];

/**
 * The ways in which an alarm stops being pending or firing: its condition holds no more; its job or node is gone; the
 * alarm was turned off or looks at something else now; the alarm was deleted.
 */
export const ALARM_ENDS = ['cleared', 'gone', 'changed', 'deleted'] as const;
export type AlarmEnd = (typeof ALARM_ENDS)[number];

/** The state of a rule for one entry. No state: inactive. */
export interface AlarmState {
  rule_id: string;
  entry: string;
  state: (typeof KEPT_ALARM_STATES)[number];
  /** When the condition began to hold. */
  active_at: Date;
  fired_at: Date | null;
  /** Since when it fires only because of `keep_for_s`. */
  keep_since: Date | null;
  /** The value at the last transition. */
  value: number | null;
  /** When a notification was last sent. */
  told_at: Date | null;
  /** The labels of that notification: receivers know an alert by them. */
  told_labels: Record<string, string> | null;
}

export interface AlarmTransition {
  id: string;
  rule_id: string;
  rule_name: string;
  entry: string;
  from_state: (typeof ALARM_STATES)[number];
  to_state: (typeof ALARM_STATES)[number];
  value: number | null;
  silenced: boolean;
  at: Date;
  /** Null: it did not become inactive, or that was before this was written down. */
  ended_by: AlarmEnd | null;
}

/** A time for which an alarm fired on one entry. */
export interface AlarmFiring extends Pick<AlarmTransition, 'id' | 'rule_id' | 'rule_name' | 'entry' | 'ended_by'> {
  /** The value at which it fired. */
  value: number | null;
  /** Nobody was told when it began. */
  silenced: boolean;
  fired_at: Date;
  /** Null: it fires still. */
  ended_at: Date | null;
  /** Null: it is not about a job, or the job has no name or is gone. */
  job_name: string | null;
  job_state: JobState | null;
}

export interface SilenceMatcher {
  /** Label of an alert: alertname, severity, entry, metric, queue, command, or one of the rule's own. */
  name: string;
  value: string;
  /** `*` stands for any text. */
  glob: boolean;
  /** false: all others. */
  equal: boolean;
}

export interface AlarmSilence {
  id: string;
  /** All must match. */
  matchers: SilenceMatcher[];
  starts_at: Date;
  ends_at: Date;
  comment: string;
  owner: string;
  project: string;
  created_at: Date;
}
