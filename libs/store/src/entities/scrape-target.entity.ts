import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SCRAPE_HEALTHS, SCRAPE_KINDS, type ScrapeHealth, type ScrapeKind } from '@drover/domain';
import { Identity, OneOf } from './decorators.js';

/** An exporter or another proxy whose metrics are fetched. */
@Index('scrape_target_next', ['next_at'])
@OneOf('scrape_target', 'kind', SCRAPE_KINDS)
@OneOf('scrape_target', 'health', SCRAPE_HEALTHS)
@Entity('scrape_target')
export class ScrapeTargetEntity {
  @PrimaryColumn('uuid') id: string;
  @Identity({ select: false }) seq: string;
  @Column('text', { unique: true }) address: string;
  @Column('text') kind: ScrapeKind;
  @Column('double precision') period_s: number;
  @Column('text', { nullable: true }) job: string | null;
  @Column('integer', { nullable: true }) drop_after: number | null;
  @Column('text', { default: 'unknown' }) health: ScrapeHealth;
  @Column('integer', { default: 0 }) failures: number;
  @Column('text', { nullable: true }) last_error: string | null;
  @Column('timestamptz', { nullable: true }) last_scrape_at: Date | null;
  @Column('integer', { nullable: true }) last_duration_ms: number | null;
  @Column('integer', { default: 0 }) series: number;
  @Column('text', { array: true, default: [] }) tree: string[];
  @Column('timestamptz', { default: () => 'now()', select: false }) next_at: Date;
  @Column('timestamptz', { nullable: true, select: false }) lease_until: Date | null;
  @Column('uuid', { nullable: true, select: false }) lease_id: string | null;
  @Column('text', { default: '' }) owner: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('text', { default: 'default' }) project: string;
}
