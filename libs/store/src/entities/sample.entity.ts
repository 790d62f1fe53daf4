import { Column, Entity, PrimaryColumn } from 'typeorm';
import { IndexesOfMigrations } from './decorators.js';

/**
 * One reading of what a job uses. The table is partitioned by day and has no key, which TypeORM does not know: the
 * schema builder leaves it out, and the key named here tells rows apart nearly always.
 */
@IndexesOfMigrations('sample_job_usage')
@Entity('sample', { synchronize: false })
export class SampleEntity {
  @PrimaryColumn('uuid') job_id: string;
  @Column('uuid', { nullable: true }) execution_id: string | null;
  @PrimaryColumn('timestamptz') at: Date;
  @Column('real', { nullable: true }) cpu_percent: number | null;
  @Column('bigint', { nullable: true }) memory_bytes: string | null;
  @Column('bigint', { nullable: true }) read_bytes: string | null;
  @Column('bigint', { nullable: true }) write_bytes: string | null;
  @Column('double precision', { nullable: true }) cpu_seconds: number | null;
  @Column('integer', { nullable: true }) processes: number | null;
  @Column('real', { nullable: true }) gpu_percent: number | null;
  @Column('bigint', { nullable: true }) gpu_memory_bytes: string | null;
}
