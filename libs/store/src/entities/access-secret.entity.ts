import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sealed value that jobs of a client may name. */
@Entity('access_secret')
export class AccessSecretEntity {
  @PrimaryColumn('text') client_id: string;
  @PrimaryColumn('text') path: string;
  @Column('bytea') sealed: Buffer;
  @Column('boolean', { default: false }) ephemeral: boolean;
  @Column('timestamptz', { nullable: true }) expires_at: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
