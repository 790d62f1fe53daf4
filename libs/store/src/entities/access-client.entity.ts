import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A client and its role. A revoked client keeps its row, so that tokens issued before are refused until they expire. */
@Entity('access_client')
export class AccessClientEntity {
  @PrimaryColumn('text') id: string;
  @Column('text') role: string;
  @Column('text', { nullable: true }) key_hash: string | null;
  @Column('jsonb', { default: {} }) max_priority: Record<string, number>;
  @Column('text', { array: true, default: [] }) allowed_queues: string[];
  @Column('jsonb', { default: {} }) max_reservation_time: Record<string, number>;
  @Column('text', { nullable: true }) email: string | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
  @Column('text', { default: 'default' }) project: string;
  @Column('integer', { default: 0 }) token_generation: number;
  @Column('timestamptz', { nullable: true }) tokens_since: Date | null;
  @Column('timestamptz', { nullable: true, select: false }) made_again_at: Date | null;
  @Column('boolean', { default: false, select: false }) end_jobs: boolean;
}
