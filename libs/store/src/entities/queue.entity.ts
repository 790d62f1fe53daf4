import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The settings of a queue. A queue without a row is one that runs. */
@Entity('queue')
export class QueueEntity {
  @PrimaryColumn('text') name: string;
  @Column('boolean', { default: false }) paused: boolean;
  @Column('jsonb', { default: {} }) payload: Record<string, unknown>;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) paused_at: Date | null;
  @Column('text', { nullable: true }) paused_by: string | null;
  @Column('text', { nullable: true }) paused_reason: string | null;
}
