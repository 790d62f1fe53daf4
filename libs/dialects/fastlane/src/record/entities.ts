import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identity, IndexesOfMigrations, OneOf } from '@drover/store';
import { TASK_ORIGINS, type TaskJobDetails, type TaskOrigin } from './task.rows.js';

/** A task of fastlane: a group of jobs. */
@Index('task_seq', ['seq'], { unique: true })
@Index('task_words', ['words'], { type: 'gin' })
@Entity('task')
class TaskEntity {
  @PrimaryColumn('text') task_id: string;
  @Identity() seq: string;
  @Column('text', { array: true }) words: string[];
  @Column('integer', { default: 0 }) jobs_count: number;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) modified_at: Date;
}

/** A job of a task: what is to be run, now and then. */
@Index('task_job_cron', ['cron_job_id'], { where: 'cron_job_id IS NOT NULL' })
@Index('task_job_unsent', ['seq'], { where: 'NOT cron_submitted' })
@IndexesOfMigrations('task_job_modified')
@Entity('task_job')
class TaskJobEntity {
  @ForeignKey(() => TaskEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  task_id: string;
  @PrimaryColumn('uuid') job_id: string;
  @Identity() seq: string;
  @Column('text') owner: string;
  @Column('jsonb') details: TaskJobDetails;
  @Column('integer', { default: 0 }) retry_count: number;
  @Column('uuid') enqueued_id: string;
  @Column('text', { nullable: true }) request_ip: string | null;
  @Column('uuid', { nullable: true }) cron_job_id: string | null;
  @Column('boolean', { default: true }) cron_submitted: boolean;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) modified_at: Date;
  @Column('text', { default: 'default' }) project: string;
}

/** One run of a task's job. Its id is also that of the record's job. */
@Index('task_execution_tick', ['task_id', 'job_id', 'tick_at'], { unique: true, where: 'tick_at IS NOT NULL' })
@Index('task_execution_open', ['seq'], { where: 'NOT settled' })
@IndexesOfMigrations('task_execution_of_job')
@OneOf('task_execution', 'origin', TASK_ORIGINS)
@ForeignKey(() => TaskJobEntity, ['task_id', 'job_id'], ['task_id', 'job_id'], { onDelete: 'CASCADE' })
@Entity('task_execution')
class TaskExecutionEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') task_id: string;
  @Column('uuid') job_id: string;
  @Identity() seq: string;
  @Column('text') image: string;
  @Column('text') command: string;
  @Column('text', { nullable: true }) request_ip: string | null;
  @Column('text') origin: TaskOrigin;
  @Column('timestamptz', { nullable: true }) tick_at: Date | null;
  @Column('timestamptz', { nullable: true }) start_at: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('text', { nullable: true }) farm: string | null;
  @Column('jsonb', { nullable: true }) submission: object | null;
  @Column('boolean', { default: false }) stop_requested: boolean;
  @Column('boolean', { default: false }) settled: boolean;
}

/** A host that is to get no more jobs. */
@Entity('task_host_block')
class TaskHostBlockEntity {
  @PrimaryColumn('text') host: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}

/** Every table of the dialect. */
export const FASTLANE_ENTITIES = [TaskEntity, TaskJobEntity, TaskExecutionEntity, TaskHostBlockEntity];
