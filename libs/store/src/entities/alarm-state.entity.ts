import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { KEPT_ALARM_STATES, type AlarmState } from '@drover/domain';
import { AlarmRuleEntity } from './alarm-rule.entity.js';
import { OneOf } from './decorators.js';

/** A rule and an entry while the alarm is pending or firing. */
@OneOf('alarm_state', 'state', KEPT_ALARM_STATES)
@Entity('alarm_state')
export class AlarmStateEntity {
  @ForeignKey(() => AlarmRuleEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  rule_id: string;
  @PrimaryColumn('text') entry: string;
  @Column('text') state: AlarmState['state'];
  @Column('timestamptz') active_at: Date;
  @Column('timestamptz', { nullable: true }) fired_at: Date | null;
  @Column('timestamptz', { nullable: true }) keep_since: Date | null;
  @Column('double precision', { nullable: true }) value: number | null;
  @Column('timestamptz', { nullable: true }) told_at: Date | null;
  @Column('jsonb', { nullable: true }) told_labels: Record<string, string> | null;
}
