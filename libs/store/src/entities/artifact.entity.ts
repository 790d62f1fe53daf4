import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { NUMBER } from './decorators.js';
import { JobEntity } from './job.entity.js';

/** A file that a job left behind. Its bytes are a blob. */
@Entity('artifact')
export class ArtifactEntity {
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  job_id: string;
  @PrimaryColumn('text') path: string;
  @Column('uuid', { nullable: true }) execution_id: string | null;
  @Column('bigint', { transformer: NUMBER }) size: number;
  @Column('text') sha256: string;
  @Column('text') content_type: string;
  @Column('text') blob_key: string;
  @Column('timestamptz') created_at: Date;
}
