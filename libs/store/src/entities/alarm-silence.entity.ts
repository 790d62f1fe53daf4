import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SilenceMatcher } from '@drover/domain';

/** Alarms that are not told for a while. */
@Entity('alarm_silence')
export class AlarmSilenceEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('jsonb') matchers: SilenceMatcher[];
  @Column('timestamptz') starts_at: Date;
  @Column('timestamptz') ends_at: Date;
  @Column('text', { default: '' }) comment: string;
  @Column('text', { default: '' }) owner: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('bigint', { default: () => "nextval('alarm_version')", select: false }) version: string;
  @Column('text', { default: 'default' }) project: string;
}
