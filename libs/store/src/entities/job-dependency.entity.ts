import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { JobEntity } from './job.entity.js';

/** A job that waits for another one. */
@Index('job_dependency_job', ['job_id'])
@Entity('job_dependency')
export class JobDependencyEntity {
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  depends_on: string;
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  job_id: string;
}
