import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgentState, NodeFacts } from '@drover/domain';

@Entity('agent')
export class AgentEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) name: string;
  @Column('text') kind: 'worker' | 'pull';
  @Column('text') state: AgentState;
  @Column('text', { array: true }) queues: string[];
  @Column('integer') slots: number;
  @Column('integer') slots_free: number;
  @Column('jsonb', { nullable: true }) facts: NodeFacts | null;
  @Column('text') boot_id: string;
  /** SHA-256 of the agent's token, hex. */
  @Column('text', { nullable: true }) token_hash: string | null;
  @Column('jsonb') payload: Record<string, unknown>;
  @Column('timestamptz') registered_at: Date;
  @Column('timestamptz') last_seen_at: Date;
}
