import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { IndexesOfMigrations, OneOf } from '@drover/store';
import { LAB_STREAKS, type LabStreak } from './agent.store.js';
import { LAB_BLOB_KINDS, type LabBlobKind } from './result.store.js';

/** A lab agent, as it described itself. */
@IndexesOfMigrations('testflinger_agent_queues')
@OneOf('testflinger_agent', 'streak_type', LAB_STREAKS)
@Entity('testflinger_agent')
class TestflingerAgentEntity {
  @PrimaryColumn('text') name: string;
  @Column('jsonb', { default: {} }) data: Record<string, unknown>;
  @Column('text', { array: true, default: [] }) log: string[];
  @Column('text', { nullable: true }) streak_type: LabStreak | null;
  @Column('integer', { default: 0 }) streak_count: number;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}

/** How the last provisions of a lab agent ended. */
@Index('testflinger_provision_log_agent', ['agent', 'id'])
@Entity('testflinger_provision_log')
class TestflingerProvisionLogEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('text') agent: string;
  @Column('text') job_id: string;
  @Column('bigint') exit_code: string;
  @Column('text') detail: string;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
}

/** A queue, as lab agents described it. */
@Entity('testflinger_queue')
class TestflingerQueueEntity {
  @PrimaryColumn('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('jsonb', { default: {} }) images: Record<string, string>;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}

/** How many jobs of a queue waited so many whole seconds. */
@Entity('testflinger_wait')
class TestflingerWaitEntity {
  @PrimaryColumn('text') queue: string;
  @PrimaryColumn('integer') seconds: number;
  @Column('bigint') n: string;
}

/** One key of what an agent posted as the result of a job; the value is JSON text. */
@Index('testflinger_result_updated', ['updated_at'])
@Entity('testflinger_result')
class TestflingerResultEntity {
  @PrimaryColumn('text') ref: string;
  @PrimaryColumn('text') key: string;
  @Column('text') value: string;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}

/** A piece of log as an agent posted it. The job need not exist. */
@Index('testflinger_fragment_order', ['ref', 'log_type', 'phase', 'number', 'id'])
@Index('testflinger_fragment_stored', ['stored_at'], { type: 'brin' })
@IndexesOfMigrations('testflinger_fragment_once')
@Entity('testflinger_fragment')
class TestflingerFragmentEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('text') ref: string;
  @Column('text') log_type: string;
  @Column('bigint') number: string;
  @Column('text') phase: string;
  @Column('timestamptz') at: Date;
  @Column('bytea') data: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) stored_at: Date;
}

/** Output of the old way, which is read once. */
@Index('testflinger_output_ref', ['ref', 'log_type', 'id'])
@Entity('testflinger_output')
class TestflingerOutputEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('text') ref: string;
  @Column('text') log_type: string;
  @Column('bytea') data: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
}

/** A stored archive of a job. */
@Index('testflinger_blob_updated', ['updated_at'])
@OneOf('testflinger_blob', 'kind', LAB_BLOB_KINDS)
@Entity('testflinger_blob')
class TestflingerBlobEntity {
  @PrimaryColumn('text') ref: string;
  @PrimaryColumn('text') kind: LabBlobKind;
  @Column('text') blob_key: string;
  @Column('bigint') size: string;
  @Column('text') sha256: string;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
  @Column('text', { nullable: true }) counted_for: string | null;
}

/** How far the output of a worker's execution has become fragments. */
@Entity('testflinger_run')
class TestflingerRunEntity {
  @PrimaryColumn('text') ref: string;
  @PrimaryColumn('text') log_type: string;
  @Column('uuid') execution_id: string;
  @Column('bigint', { default: 0 }) read_to: string;
  @Column('bytea', { default: () => "'\\x'" }) rest: Buffer;
  @Column('text', { nullable: true }) phase: string | null;
  @Column('bigint', { default: 0 }) next_number: string;
  @Column('boolean', { default: false }) finished: boolean;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}

/** Every table of the dialect. */
export const TESTFLINGER_ENTITIES = [
  TestflingerAgentEntity,
  TestflingerProvisionLogEntity,
  TestflingerQueueEntity,
  TestflingerWaitEntity,
  TestflingerResultEntity,
  TestflingerFragmentEntity,
  TestflingerOutputEntity,
  TestflingerBlobEntity,
  TestflingerRunEntity,
];
