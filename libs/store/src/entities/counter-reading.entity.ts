import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { JobEntity } from './job.entity.js';

/** A reading of the counters and gauges that a job pushed: `c` and `g`, each by name. */
@Index('counter_reading_at', ['at'])
@Entity('counter_reading')
export class CounterReadingEntity {
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  job_id: string;
  @PrimaryColumn('timestamptz') at: Date;
  @Column('jsonb') vals: { c?: Record<string, number>; g?: Record<string, number> };
}
