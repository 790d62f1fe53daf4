import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { AUDITED_KINDS, type AuditEntry } from '@drover/domain';
import { IndexesOfMigrations, OneOf } from './decorators.js';

/** The trail of changes. The database refuses to change what was written, and to delete what was written within 30 days. */
@Index('audit_at', ['at'], { type: 'brin' })
@IndexesOfMigrations('audit_object', 'audit_actor', 'audit_action')
@OneOf('audit', 'kind', AUDITED_KINDS)
@Entity('audit')
export class AuditEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
  @Column('text') actor: string;
  @Column('text', { nullable: true }) role: string | null;
  @Column('text', { nullable: true }) address: string | null;
  @Column('text') action: string;
  @Column('text') kind: AuditEntry['kind'];
  @Column('text') object_id: string;
  @Column('text') project: string;
  @Column('jsonb', { nullable: true }) before: Record<string, unknown> | null;
  @Column('jsonb', { nullable: true }) after: Record<string, unknown> | null;
}
