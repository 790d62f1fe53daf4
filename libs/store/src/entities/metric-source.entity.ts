import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SOURCE_KINDS, type JobDesc, type SourceKind } from '@drover/domain';
import { OneOf, XID8 } from './decorators.js';

/** The contribution of one source of metrics to the sums so far. */
@Index('metric_source_job', ['job'], { where: 'job IS NOT NULL' })
@Index('metric_source_held', ['held_by'], { where: 'held_by IS NOT NULL' })
@OneOf('metric_source', 'kind', SOURCE_KINDS)
@Entity('metric_source')
export class MetricSourceEntity {
  @PrimaryColumn('text') key: string;
  @Column('text') kind: SourceKind;
  @Column('boolean') feeds_main: boolean;
  @Column('text', { nullable: true }) node: string | null;
  @Column('text', { nullable: true }) job: string | null;
  @Column('boolean', { default: false }) live: boolean;
  @Column('text', { nullable: true }) held_by: string | null;
  @Column('text', { default: '' }) incarnation: string;
  @Column('bigint', { default: 0 }) seq: string;
  @Column('jsonb', { nullable: true }) description: JobDesc | null;
  @Column('text') table_id: string;
  @Column('bytea') vals: Buffer;
  @Column('boolean', { default: false }) gone: boolean;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
  @Column({ type: XID8, default: () => 'pg_current_xact_id()' }) tx: string;
  @Column('text', { default: 'default' }) counted_for: string;
  @Column('integer', { default: 0 }) series: number;
}
