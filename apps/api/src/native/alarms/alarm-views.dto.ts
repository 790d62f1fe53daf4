import { ApiProperty } from '@nestjs/swagger';
import { ALARM_ENDS, JOB_STATES, type AlarmEnd, type JobState } from '@drover/domain';
import { AlarmActionDto, SilenceMatcherDto } from './alarm.dto.js';

/** An alarm on one entry at this moment. */
export class AlarmStateDto {
  alarm_id: string;
  name: string;
  entry: string;
  /** Null: it is not about a job, or the job has no name. */
  job_name: string | null;
  /** pending: the condition holds, but not for long enough yet. */
  state: 'pending' | 'firing';
  severity: string;
  metric: string;
  /** Since when the condition holds. */
  active_at: string;
  fired_at: string | null;
  /** The value at its last change of state. */
  value: number | null;
  /** Nobody is told of it until then. Null: it is not silenced. */
  silenced_until: string | null;
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
  /** When it began to fire last, on any job. Null: it has not, or that is no longer kept. */
  last_fired_at: string | null;
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
  /** The reason why it is inactive: as in a firing. */
  @ApiProperty({ enum: ALARM_ENDS, enumName: 'AlarmEnd', nullable: true })
  ended_by: AlarmEnd | null;
}

/** A time for which an alarm fired. */
export class AlarmFiringDto {
  id: string;
  alarm_id: string;
  name: string;
  entry: string;
  /** Null: it was not about a job, or the job has no name or is gone. */
  job_name: string | null;
  /** The state of the job now. */
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState', nullable: true })
  job_state: JobState | null;
  /** The value at which it fired. */
  value: number | null;
  /** True: nobody was told when it began. */
  silenced: boolean;
  fired_at: string;
  /** Null: it fires still. */
  ended_at: string | null;
  /**
   * cleared: the condition held no more. gone: its job ended or its node left. changed: the alarm was turned off, or
   * looks at something else. deleted: the alarm was. Null: it fires still, or ended before this was written down.
   */
  @ApiProperty({ enum: ALARM_ENDS, enumName: 'AlarmEnd', nullable: true })
  ended_by: AlarmEnd | null;
}

export class AlarmFiringListDto {
  firings: AlarmFiringDto[];
  /** The cursor of the next page. Null: this was the last one. */
  next: string | null;
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
