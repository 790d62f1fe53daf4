import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { DELIVERY_KINDS, DELIVERY_STATES, type DeliveryKind, type DeliveryState } from '@drover/domain';
import { Identity, NUMBER, OneOf } from './decorators.js';

/** A message to a webhook or by mail, and how far its delivery has got. */
@Index('delivery_pending', ['due_at'], { where: `state = 'pending'` })
@Index('delivery_of_job', ['job_id', 'seq'])
@Index('delivery_done', ['done_at'], { where: 'done_at IS NOT NULL' })
@OneOf('delivery', 'kind', DELIVERY_KINDS)
@OneOf('delivery', 'state', DELIVERY_STATES)
@Entity('delivery')
export class DeliveryEntity {
  @PrimaryColumn('uuid') id: string;
  @Identity() seq: string;
  @Column('uuid', { nullable: true }) job_id: string | null;
  @Column('text') source: string;
  @Column('text') kind: DeliveryKind;
  @Column('text') event: string;
  @Column('text') target: string;
  @Column('jsonb', { default: {} }) request: { headers?: Record<string, string>; secret?: string };
  @Column('text', { default: 'pending' }) state: DeliveryState;
  @Column('integer', { default: 0 }) tries: number;
  @Column('integer') max_tries: number;
  @Column('bigint', { transformer: NUMBER }) backoff_min_ms: number;
  @Column('integer') backoff_factor: number;
  @Column('timestamptz', { default: () => 'now()' }) due_at: Date;
  @Column('timestamptz', { nullable: true, select: false }) leased_until: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) done_at: Date | null;
  @Column('jsonb', { nullable: true }) content: Record<string, unknown> | null;
}
