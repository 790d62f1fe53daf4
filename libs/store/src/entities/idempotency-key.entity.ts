import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { JobEntity } from './job.entity.js';

/** A key that its client chose, and the jobs accepted under it: one, or those of a batch. */
@Index('idempotency_key_job', ['job_id'])
@Index('idempotency_key_created', ['created_at'])
@Entity('idempotency_key')
export class IdempotencyKeyEntity {
  @PrimaryColumn('text') owner: string;
  @PrimaryColumn('text', { default: 'default' }) project: string;
  @PrimaryColumn('text') key: string;
  @Column('text') body_hash: string;
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @Column('uuid')
  job_id: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('uuid', { array: true, nullable: true }) job_ids: string[] | null;
}
