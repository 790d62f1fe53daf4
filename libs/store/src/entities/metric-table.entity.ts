import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A list of series by the hash of its content: sources of one program share it. */
@Entity('metric_table')
export class MetricTableEntity {
  @PrimaryColumn('text') id: string;
  @Column('jsonb') defs: unknown;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
