import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { XID8 } from './decorators.js';

/** The events of jobs, in the order of delivery (tx, id). */
@Index('event_job', ['job_id', 'tx', 'id'])
@Index('event_queue', ['queue', 'tx', 'id'])
@Index('event_ended', ['at'], {
  where: `type = ANY (ARRAY['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'])`,
})
@Index('event_failed', ['at'], { where: `type = 'job.failed'` })
@Entity('event')
export class EventEntity {
  @PrimaryColumn({ type: XID8 }) tx: string;
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('uuid') job_id: string;
  @Column('text') queue: string;
  @Column('text') type: string;
  @Column('timestamptz') at: Date;
  @Column('jsonb', { default: {} }) data: Record<string, unknown>;
}
