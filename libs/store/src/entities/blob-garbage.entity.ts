import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A large object whose row is gone: it is to be deleted. */
@Entity('blob_garbage')
export class BlobGarbageEntity {
  @PrimaryColumn('text') blob_key: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
