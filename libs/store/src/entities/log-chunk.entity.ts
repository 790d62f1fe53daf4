import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { STREAMS, type Stream } from '@drover/domain';
import { OneOf } from './decorators.js';
import { ExecutionEntity } from './execution.entity.js';

/** A piece of one output stream, stored as the gzip member that came. */
@Index('log_chunk_sequence', ['execution_id', 'sequence'])
@OneOf('log_chunk', 'stream', STREAMS)
@Entity('log_chunk')
export class LogChunkEntity {
  @ForeignKey(() => ExecutionEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  execution_id: string;
  @PrimaryColumn('text') stream: Stream;
  @PrimaryColumn('bigint') offset: string;
  @Column('integer') length: number;
  @Column('bigint') sequence: string;
  @Column('timestamptz') at: Date;
  @Column('bytea') data: Buffer;
  @Column('integer', { nullable: true }) lines: number | null;
  @Column('boolean', { nullable: true }) open: boolean | null;
  @Column('bigint', { nullable: true }) line: string | null;
  @Column('bigint', { nullable: true }) view_line: string | null;
  @Column('bigint', { nullable: true }) view_offset: string | null;
}
