import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { CAUSES, EXECUTION_STATES, type Cause, type ExecutionState, type LogTally, type Placed } from '@drover/domain';
import { OneOf } from './decorators.js';
import { JobEntity } from './job.entity.js';

/** One claim of a job by an agent, fenced by its epoch. */
@Index('execution_open', ['agent_id'], { where: 'finished_at IS NULL' })
@Index('execution_claimed', ['claimed_at'])
@OneOf('execution', 'state', EXECUTION_STATES)
@OneOf('execution', 'cause', CAUSES)
@Unique(['job_id', 'epoch'])
@Entity('execution')
export class ExecutionEntity {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey(() => JobEntity, { onDelete: 'CASCADE' })
  @Column('uuid')
  job_id: string;
  @Column('integer') epoch: number;
  @Column('integer') attempt: number;
  @Column('uuid') agent_id: string;
  @Column('text') node: string;
  @Column('text') boot_id: string;
  @Column('text') state: ExecutionState;
  @Column('text', { nullable: true }) phase: string | null;
  @Column('text', { nullable: true }) cause: Cause | null;
  @Column('text', { nullable: true }) cause_detail: string | null;
  @Column('integer', { nullable: true }) exit_code: number | null;
  @Column('text', { nullable: true }) signal: string | null;
  @Column('integer', { nullable: true }) pid: number | null;
  @Column('text', { nullable: true }) container_id: string | null;
  @Column('jsonb', { default: {} }) payload: Record<string, unknown>;
  @Column('timestamptz') claimed_at: Date;
  @Column('timestamptz', { nullable: true }) spawned_at: Date | null;
  @Column('timestamptz', { nullable: true }) first_byte_at: Date | null;
  @Column('timestamptz', { nullable: true }) exited_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  @Column('bigint', { default: 0 }) stdout_bytes: string;
  @Column('bigint', { default: 0 }) stderr_bytes: string;
  @Column('text', { nullable: true }) stdout_sha256: string | null;
  @Column('text', { nullable: true }) stderr_sha256: string | null;
  @Column('boolean', { nullable: true }) log_complete: boolean | null;
  @Column('jsonb', { nullable: true }) placed: Placed | null;
  @Column('bigint', { default: 0 }) stdout_skew: string;
  @Column('bigint', { default: 0 }) stderr_skew: string;
  @Column('bigint', { default: 0 }) log_dropped: string;
  @Column('jsonb', { nullable: true, default: {} }) log_tally: LogTally | null;
}
