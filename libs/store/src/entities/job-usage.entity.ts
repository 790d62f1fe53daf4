import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { GpuReading } from '@drover/domain';
import { JobEntity } from './job.entity.js';

/** The use of a job, kept up with its samples. A narrow row with room on its page: every sample updates it. */
@Entity('job_usage')
export class JobUsageEntity {
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  job_id: string;
  @Column('real', { nullable: true }) cpu_percent: number | null;
  @Column('bigint', { nullable: true }) memory_bytes: string | null;
  @Column('real', { nullable: true }) gpu_percent: number | null;
  @Column('timestamptz', { nullable: true }) last_sample_at: Date | null;
  @Column('bigint', { default: 0 }) sample_count: string;
  @Column('bigint', { default: 0 }) cpu_count: string;
  @Column('double precision', { default: 0 }) cpu_sum: number;
  @Column('real', { nullable: true }) cpu_max: number | null;
  @Column('bigint', { nullable: true }) memory_max: string | null;
  @Column('bigint', { default: 0 }) gpu_count: string;
  @Column('double precision', { default: 0 }) gpu_sum: number;
  @Column('real', { nullable: true }) gpu_max: number | null;
  @Column('jsonb', { nullable: true }) gpu_devices: GpuReading[] | null;
}
