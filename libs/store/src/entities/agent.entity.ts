import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { AGENT_KINDS, AGENT_STATES, type AgentKind, type AgentState, type NodeFacts } from '@drover/domain';
import { OneOf } from './decorators.js';

/** A worker, or an HTTP-pull agent of a dialect. */
@Index('agent_queues', ['queues'], { type: 'gin' })
@OneOf('agent', 'kind', AGENT_KINDS)
@OneOf('agent', 'state', AGENT_STATES)
@Entity('agent')
export class AgentEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) name: string;
  @Column('text') kind: AgentKind;
  @Column('text') state: AgentState;
  @Column('text', { array: true, default: [] }) queues: string[];
  @Column('integer', { default: 0 }) slots: number;
  @Column('integer', { default: 0 }) slots_free: number;
  @Column('jsonb', { nullable: true }) facts: NodeFacts | null;
  @Column('text', { default: '' }) boot_id: string;
  @Column('text', { nullable: true }) token_hash: string | null;
  @Column('jsonb', { default: {} }) payload: Record<string, unknown>;
  @Column('timestamptz') registered_at: Date;
  @Column('timestamptz') last_seen_at: Date;
  @Column('integer', { default: 0 }) reserved: number;
  @Column('uuid', { nullable: true }) reserved_for: string | null;
}
