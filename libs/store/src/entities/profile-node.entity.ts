import { Column, Entity, PrimaryColumn } from 'typeorm';

/** System metrics of a node at one second, shared by the profiles of all jobs that ended in it. */
@Entity('profile_node')
export class ProfileNodeEntity {
  @PrimaryColumn('text') id: string;
  @Column('jsonb') counters: unknown;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
