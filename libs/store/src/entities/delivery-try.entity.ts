import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { DeliveryEntity } from './delivery.entity.js';

/** One try to deliver. */
@Index('delivery_try_of', ['delivery_id', 'id'])
@Entity('delivery_try')
export class DeliveryTryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @ForeignKey(() => DeliveryEntity, { onDelete: 'CASCADE' })
  @Column('uuid')
  delivery_id: string;
  @Column('timestamptz') at: Date;
  @Column('integer') took_ms: number;
  @Column('integer', { nullable: true }) status: number | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('text', { array: true, default: [] }) headers: string[];
  @Column('text', { default: '' }) body: string;
}
