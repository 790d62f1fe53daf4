import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The key with which the worker of an enrolled node registers. Only its hash is here. */
@Index('node_key_name', ['name'], { unique: true, where: 'revoked_at IS NULL' })
@Entity('node_key')
export class NodeKeyEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('bytea', { select: false }) key_hash: Buffer;
  /** The name of the node. */
  @Column('text') name: string;
  @Column('text', { array: true }) queues: string[];
  @Column('jsonb', { default: {} }) labels: Record<string, string>;
  @Column('integer', { nullable: true }) slots: number | null;
  @Column('boolean', { default: false }) ticket_login: boolean;
  @Column('uuid') invitation_id: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}
