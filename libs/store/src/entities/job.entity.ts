import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import {
  CAUSES,
  DISPATCHES,
  JOB_STATES,
  type Cause,
  type CronSpec,
  type Dispatch,
  type Job,
  type JobSpec,
  type JobState,
} from '@drover/domain';
import { Identity, IndexesOfMigrations, OneOf, XID8 } from './decorators.js';

/** A job: the request of a client, and its course. */
@Index('job_seq', ['seq'], { unique: true })
@Index('job_due', ['start_at'], { where: `filed_as = 'scheduled'` })
@Index('job_expiry', ['expires_at'], {
  where: `(filed_as = ANY (ARRAY['scheduled', 'queued'])) AND (expires_at IS NOT NULL)`,
})
@Index('job_parent', ['parent_id', 'seq'], { where: 'parent_id IS NOT NULL' })
@Index('job_cron', ['id'], { where: `(cron IS NOT NULL) AND (filed_as = 'scheduled')` })
@Index('job_observed_open', ['seq'], {
  where: `(dispatch = 'observed') AND (filed_as = ANY (ARRAY['scheduled', 'queued', 'claimed', 'running', 'cancelling']))`,
})
@Index('job_tags', ['tags'], { type: 'gin', where: `tags <> '{}'` })
@IndexesOfMigrations(
  'job_ready',
  'job_queue_seq',
  'job_filed',
  'job_owner_seq',
  'job_node',
  'job_name_seq',
  'job_observed_nodes',
  'job_placed',
  'job_project_seq',
)
@OneOf('job', 'state', JOB_STATES)
@OneOf('job', 'cause', CAUSES)
@OneOf('job', 'dispatch', DISPATCHES)
@Entity('job')
export class JobEntity implements Job {
  @PrimaryColumn('uuid') id: string;
  @Identity() seq: string;
  @Column('text') queue: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('text') owner: string;
  @Column('text') dialect: string;
  @Column('text') dispatch: Dispatch;
  @Column('jsonb') spec: JobSpec;
  @Column('jsonb', { default: {} }) payload: Record<string, unknown>;
  @Column('text', { array: true, default: [] }) tags: string[];
  @Column('jsonb', { default: {} }) metadata: Record<string, unknown>;
  @Column('integer', { default: 0 }) priority: number;
  @Column('text') state: JobState;
  @Column('text', { nullable: true }) cause: Cause | null;
  @Column('text', { nullable: true }) cause_detail: string | null;
  @Column('integer', { nullable: true }) exit_code: number | null;
  @Column('text', { nullable: true }) signal: string | null;
  @Column('integer', { default: 1 }) attempt: number;
  @Column('integer', { default: 0 }) epoch: number;
  @Column('integer', { default: 0 }) losses: number;
  @Column('integer', { default: 1 }) dispatch_seq: number;
  @Column('text', { nullable: true }) node: string | null;
  @Column('uuid', { nullable: true }) agent_id: string | null;
  @Column('uuid', { nullable: true }) execution_id: string | null;
  @Column('uuid', { nullable: true }) parent_id: string | null;
  @Column('uuid', { array: true, default: [] }) depends_on: string[];
  @Column('integer', { default: 0 }) pending_dependencies: number;
  @Column('boolean', { default: false }) held: boolean;
  @Column('jsonb', { nullable: true }) cron: CronSpec | null;
  @Column('timestamptz', { nullable: true }) cron_tick_at: Date | null;
  @Column('timestamptz', { nullable: true }) start_at: Date | null;
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
  @Column('timestamptz', { nullable: true }) cancel_requested_at: Date | null;
  @Column('text', { nullable: true }) cancel_reason: string | null;
  @Column('timestamptz') created_at: Date;
  @Column('timestamptz', { nullable: true }) queued_at: Date | null;
  @Column('timestamptz', { nullable: true }) claimed_at: Date | null;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  @Column('timestamptz') updated_at: Date;
  @Column('text', { default: 'default' }) project: string;
  @Column('text', { nullable: true }) claimed_by: string | null;
  @Column({ type: XID8, default: () => 'pg_current_xact_id()' }) event_tx: string;
  @Column('boolean', { default: false }) pinned: boolean;
  /** The state under which indexes find it; null: none does. */
  @Column('text', { nullable: true, default: 'queued' }) filed_as: JobState | null;
}
