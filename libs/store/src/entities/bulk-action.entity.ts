import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BULK_ACTIONS, BULK_STATES, type BulkActionKind, type BulkState, type Skipped } from '@drover/domain';
import { Identity, IndexesOfMigrations, OneOf } from './decorators.js';

/** A change of many jobs that was asked for at once, and how far it has got. */
@Index('bulk_action_running', ['touched_at'], { where: `state = 'running'` })
@Index('bulk_action_key', ['owner', 'project', 'key'], { unique: true, where: 'key IS NOT NULL' })
@IndexesOfMigrations('bulk_action_project_seq')
@OneOf('bulk_action', 'action', BULK_ACTIONS)
@OneOf('bulk_action', 'state', BULK_STATES)
@Entity('bulk_action')
export class BulkActionEntity {
  @PrimaryColumn('uuid') id: string;
  @Identity() seq: string;
  @Column('text') project: string;
  @Column('text') owner: string;
  /** The rights with which it is done. */
  @Column('jsonb') asker: Record<string, unknown>;
  @Column('text') action: BulkActionKind;
  @Column('jsonb', { default: {} }) options: Record<string, unknown>;
  /** Null: the jobs are those of `ids`. */
  @Column('jsonb', { nullable: true }) filter: Record<string, unknown> | null;
  @Column('uuid', { array: true, nullable: true }) ids: string[] | null;
  /** The `seq` of the last job that there was. */
  @Column('bigint') upto: string;
  /** The `seq` of the last job that was looked at; of `ids` how many were. */
  @Column('bigint', { default: 0 }) place: string;
  @Column('text', { default: 'running' }) state: BulkState;
  @Column('text', { nullable: true }) problem: string | null;
  /** How many jobs there were when it was asked for. */
  @Column('integer') matched: number;
  @Column('boolean') matched_exact: boolean;
  @Column('integer', { default: 0 }) done: number;
  @Column('integer', { default: 0 }) passed: number;
  @Column('jsonb', { default: [] }) skipped: Skipped[];
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) touched_at: Date;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  @Column('timestamptz', { nullable: true }) lease_until: Date | null;
  @Column('uuid', { nullable: true }) lease: string | null;
  @Column('text', { nullable: true }) key: string | null;
  @Column('text', { nullable: true }) body_hash: string | null;
}
