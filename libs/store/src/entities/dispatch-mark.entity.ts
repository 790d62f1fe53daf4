import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Dispatch marks: tickets that are not yet known to be in BullMQ. */
@Index('outbox_created', ['created_at'])
@Entity('outbox')
export class DispatchMarkEntity {
  @PrimaryColumn('text') ticket_id: string;
  @Column('uuid') job_id: string;
  @Column('text') queue: string;
  @Column('integer') priority: number;
  @Column('timestamptz', { nullable: true }) due_at: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
