import { AlarmActionDto, SilenceMatcherDto } from './alarm.dto.js';

/** An alarm on one entry at this moment. */
export class AlarmStateDto {
  alarm_id: string;
  name: string;
  entry: string;
  /** pending: the condition holds, but not for long enough yet. */
  state: 'pending' | 'firing';
  severity: string;
  /** Since when the condition holds. */
  active_at: string;
  fired_at: string | null;
  /** The value at its last change of state. */
  value: number | null;
}

export class AlarmViewDto {
  id: string;
  name: string;
  target: string | null;
  queue: string | null;
  command: string | null;
  metric: string;
  operator: string;
  threshold: number;
  clear_threshold: number | null;
  for_s: number;
  keep_for_s: number;
  no_data: string;
  severity: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  group_by: string[];
  repeat_s: number;
  actions: AlarmActionDto[];
  enabled: boolean;
  owner: string;
  created_at: string;
  updated_at: string;
  /** Where it is pending or fires. */
  states: AlarmStateDto[];
}

export class AlarmListDto {
  alarms: AlarmViewDto[];
}

export class AlarmStateListDto {
  states: AlarmStateDto[];
}

export class AlarmTransitionDto {
  id: string;
  alarm_id: string;
  name: string;
  entry: string;
  from: string;
  to: string;
  value: number | null;
  /** True: nobody was told of it. */
  silenced: boolean;
  at: string;
}

export class AlarmHistoryDto {
  transitions: AlarmTransitionDto[];
  /** The cursor of the next page. Null: this was the last one. */
  next: string | null;
}

export class SilenceViewDto {
  id: string;
  matchers: SilenceMatcherDto[];
  starts_at: string;
  ends_at: string;
  comment: string;
  owner: string;
  created_at: string;
}

export class SilenceListDto {
  silences: SilenceViewDto[];
}
