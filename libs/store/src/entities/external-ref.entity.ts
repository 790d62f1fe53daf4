import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { JobEntity } from './job.entity.js';

/** The id by which a dialect knows a job. The empty project: the id means one job in the whole installation. */
@Index('external_ref_job', ['job_id'])
@Entity('external_ref')
export class ExternalRefEntity {
  @PrimaryColumn('text') dialect: string;
  @PrimaryColumn('text') external_id: string;
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @Column('uuid')
  job_id: string;
  @PrimaryColumn('text', { default: '' }) project: string;
}
