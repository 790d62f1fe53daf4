import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The SHA-256 of a refresh token. */
@Index('access_refresh_token_client', ['client_id'])
@Entity('access_refresh_token')
export class AccessRefreshTokenEntity {
  @PrimaryColumn('bytea') hash: Buffer;
  @Column('text') client_id: string;
  @Column('timestamptz', { default: () => 'now()' }) issued_at: Date;
  @Column('timestamptz') expires_at: Date;
  @Column('timestamptz', { default: () => 'now()' }) used_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
  @Column('integer', { default: 0 }) generation: number;
}
