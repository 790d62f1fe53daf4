import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Counters and gauges as they are stored. */
export type WireCounters = (
  | [name: string, type: 'c', doc: string, value: number]
  | [name: string, type: 'g', doc: string, min: number, max: number, hits: number, total: number]
)[];

/** System metrics of a node at one second, shared by the profiles of all jobs that ended in it. */
@Entity('profile_node')
export class ProfileNodeEntity {
  @PrimaryColumn('text') id: string;
  @Column('jsonb') counters: WireCounters;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
