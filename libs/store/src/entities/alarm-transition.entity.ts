import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { ALARM_ENDS, ALARM_STATES, type AlarmEnd, type AlarmTransition } from '@drover/domain';
import { IndexesOfMigrations, OneOf } from './decorators.js';

/** A change of an alarm. */
@IndexesOfMigrations('alarm_transition_rule', 'alarm_transition_entry')
@OneOf('alarm_transition', 'from_state', ALARM_STATES)
@OneOf('alarm_transition', 'to_state', ALARM_STATES)
@OneOf('alarm_transition', 'ended_by', ALARM_ENDS)
@Entity('alarm_transition')
export class AlarmTransitionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('uuid') rule_id: string;
  @Column('text') rule_name: string;
  @Column('text') entry: string;
  @Column('text') from_state: AlarmTransition['from_state'];
  @Column('text') to_state: AlarmTransition['to_state'];
  @Column('double precision', { nullable: true }) value: number | null;
  @Column('boolean', { default: false }) silenced: boolean;
  @Column('timestamptz') at: Date;
  @Column('text', { nullable: true }) ended_by: AlarmEnd | null;
}
