import type { LogChunk, Stream } from '@drover/domain';
import * as SQL from './log.sql.js';
import type { Sql } from './sql.js';

interface ChunkRow {
  stream: Stream;
  offset: string;
  length: number;
  sequence: string;
  at: Date;
  data: Buffer;
}

const toChunk =
  (executionId: string) =>
  (row: ChunkRow): LogChunk => ({
    execution_id: executionId,
    stream: row.stream,
    offset: Number(row.offset),
    length: row.length,
    sequence: Number(row.sequence),
    at: row.at,
    data: row.data,
  });

export const logStore = {
  /** One statement. The caller holds the execution's row and has checked the offsets. */
  async insert(sql: Sql, chunks: LogChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    await sql.run(SQL.INSERT, [
      chunks.map((c) => c.execution_id),
      chunks.map((c) => c.stream),
      chunks.map((c) => c.offset),
      chunks.map((c) => c.length),
      chunks.map((c) => c.sequence),
      chunks.map((c) => c.at),
      chunks.map((c) => c.data),
    ]);
  },

  /** Chunks of one stream from the one that holds byte `from` on; at most `limit`. */
  async ofStream(sql: Sql, executionId: string, stream: Stream, from: number, limit: number): Promise<LogChunk[]> {
    const rows = await sql.rows<ChunkRow>(SQL.OF_STREAM, [executionId, stream, from, limit]);
    return rows.map(toChunk(executionId));
  },

  /** Chunks of both streams in the order the agent saw them, after sequence `after`. */
  async interleaved(sql: Sql, executionId: string, after: number, limit: number): Promise<LogChunk[]> {
    const rows = await sql.rows<ChunkRow>(SQL.INTERLEAVED, [executionId, after, limit]);
    return rows.map(toChunk(executionId));
  },

  /**
   * Newest first: chunks of one stream before an offset, or (stream null) of both before a sequence. `before` null:
   * from the end.
   */
  async backwards(
    sql: Sql,
    executionId: string,
    stream: Stream | null,
    before: number | null,
    limit: number,
  ): Promise<LogChunk[]> {
    const rows = await sql.rows<ChunkRow>(stream === null ? SQL.BACKWARDS_INTERLEAVED : SQL.BACKWARDS, [
      executionId,
      stream,
      before,
      limit,
    ]);
    return rows.map(toChunk(executionId));
  },
};
