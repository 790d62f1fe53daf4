import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A queue that only clients with a grant may use. */
@Entity('access_restricted_queue')
export class AccessRestrictedQueueEntity {
  @PrimaryColumn('text') queue: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
