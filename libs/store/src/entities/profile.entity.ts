import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JobDesc, ProfileSummary } from '@drover/domain';
import { IndexesOfMigrations } from './decorators.js';
import type { WireCounters } from './profile-node.entity.js';

/** The profile of a finished job. It has no reference to the job, which it outlives. */
@IndexesOfMigrations('profile_by_seq', 'profile_command', 'profile_queue', 'profile_project_seq')
@Entity('profile')
export class ProfileEntity {
  @PrimaryColumn('text') jobid: string;
  @Column('bigint', { default: () => "nextval('profile_seq')" }) seq: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('text') command: string;
  @Column('jsonb') description: JobDesc;
  @Column('text', { nullable: true }) queue: string | null;
  @Column('text', { nullable: true }) owner: string | null;
  @Column('text', { nullable: true }) node: string | null;
  @Column('text', { nullable: true }) outcome: string | null;
  @Column('text', { nullable: true }) cause: string | null;
  @Column('integer', { nullable: true }) exit_code: number | null;
  @Column('double precision', { nullable: true }) wall_s: number | null;
  @Column('jsonb', { default: {} }) summary: ProfileSummary;
  @Column('jsonb', { default: [] }) counters: WireCounters;
  @Column('text', { array: true, default: [] }) node_snapshots: string[];
  @Column('timestamptz') finished_at: Date;
  @Column('timestamptz', { default: () => 'now()', select: false }) updated_at: Date;
  @Column('text', { default: 'default' }) project: string;
}
