import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TRAIL_CHANGES, type TrailChange } from '@drover/domain';
import { OneOf } from './decorators.js';

/** A change of an observed job and its author. It has no reference to the job, which it outlives. */
@Index('job_trail_external', ['external_id', 'id'])
@OneOf('job_trail', 'change_type', TRAIL_CHANGES)
@Entity('job_trail')
export class JobTrailEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('uuid') job_id: string;
  @Column('text') external_id: string;
  @Column('text') change_type: TrailChange;
  @Column('timestamptz') changed_at: Date;
  @Column('text') changed_by: string;
  @Column('text') source: string;
  @Column('text') correlation_id: string;
  @Column('jsonb') snapshot: Record<string, unknown>;
  @Column('text', { nullable: true }) project: string | null;
}
