import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  ALARM_NO_DATA,
  ALARM_OPERATORS,
  ALARM_TARGET_KINDS,
  type AlarmAction,
  type AlarmNoData,
  type AlarmOperator,
  type AlarmTargetKind,
} from '@drover/domain';
import { Identity, IndexesOfMigrations, OneOf } from './decorators.js';

/** A rule of an alarm: its target, and whom it tells. */
@IndexesOfMigrations('alarm_rule_name')
@OneOf('alarm_rule', 'target_kind', ALARM_TARGET_KINDS)
@OneOf('alarm_rule', 'operator', ALARM_OPERATORS)
@OneOf('alarm_rule', 'no_data', ALARM_NO_DATA)
@Entity('alarm_rule')
export class AlarmRuleEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') target_kind: AlarmTargetKind;
  @Column('text') target: string;
  @Column('text') metric: string;
  @Column('text') operator: AlarmOperator;
  @Column('double precision') threshold: number;
  @Column('double precision', { nullable: true }) clear_threshold: number | null;
  @Column('double precision', { default: 0 }) for_s: number;
  @Column('double precision', { default: 0 }) keep_for_s: number;
  @Column('text', { default: 'ok' }) no_data: AlarmNoData;
  @Column('text', { default: 'warning' }) severity: string;
  @Column('jsonb', { default: {} }) labels: Record<string, string>;
  @Column('jsonb', { default: {} }) annotations: Record<string, string>;
  @Column('text', { array: true, default: ['alertname'] }) group_by: string[];
  @Column('double precision', { default: 14400 }) repeat_s: number;
  @Column('jsonb', { default: [] }) actions: AlarmAction[];
  @Column('boolean', { default: true }) enabled: boolean;
  @Column('boolean', { default: false, select: false }) ended: boolean;
  @Column('text', { default: '' }) owner: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
  @Column('bigint', { default: () => "nextval('alarm_version')", select: false }) version: string;
  @Identity({ select: false }) seq: string;
  @Column('text', { default: 'default' }) project: string;
}
