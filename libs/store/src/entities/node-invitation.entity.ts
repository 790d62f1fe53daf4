import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Leave for one new node to enrol. Of its token only the hash is here. */
@Index('node_invitation_created', ['created_at'])
@Entity('node_invitation')
export class NodeInvitationEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('bytea', { select: false }) token_hash: Buffer;
  /** The only queues that the node may serve. */
  @Column('text', { array: true }) queues: string[];
  @Column('jsonb', { default: {} }) labels: Record<string, string>;
  /** Slots of the node at most; null: no limit. */
  @Column('integer', { nullable: true }) slots: number | null;
  /** The node gets a login to the ticket store. */
  @Column('boolean', { default: false }) ticket_login: boolean;
  /** The client that made it. */
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz') expires_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
  @Column('timestamptz', { nullable: true }) used_at: Date | null;
  /** The name of the node that used it, and the address it came from. */
  @Column('text', { nullable: true }) used_by: string | null;
  @Column('text', { nullable: true }) used_from: string | null;
}
