import { Column, Entity, PrimaryColumn } from 'typeorm';
import { QUOTAS, type Quota } from '@drover/domain';
import { OneOf } from './decorators.js';

/** A limit of a project that differs from the default. */
@OneOf('project_quota', 'quota', QUOTAS)
@Entity('project_quota')
export class ProjectQuotaEntity {
  @PrimaryColumn('text') project: string;
  @PrimaryColumn('text') quota: Quota;
  @Column('bigint') value: string;
}
