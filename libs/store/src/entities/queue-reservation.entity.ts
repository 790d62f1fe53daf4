import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A queue that only jobs of these projects may use. */
@Entity('queue_reservation')
export class QueueReservationEntity {
  @PrimaryColumn('text') queue: string;
  @PrimaryColumn('text') project: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
