import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The use of a project, spread over rows so that two transactions seldom wait for each other. The sum of the rows
 * counts.
 */
@Entity('project_usage')
export class ProjectUsageEntity {
  @PrimaryColumn('text') project: string;
  @PrimaryColumn('smallint') slot: number;
  @Column('bigint', { default: 0 }) waiting_jobs: string;
  @Column('bigint', { default: 0 }) log_bytes: string;
  @Column('bigint', { default: 0 }) artifacts: string;
  @Column('bigint', { default: 0 }) artifact_bytes: string;
  @Column('bigint', { default: 0 }) series: string;
  /** All stored jobs, whatever their state. */
  @Column('bigint', { default: 0 }) jobs: string;
}
