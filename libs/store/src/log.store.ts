import type { LogChunk, Stream } from '@drover/domain';
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
    await sql.run(
      `INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::timestamptz[], $7::bytea[])
       ON CONFLICT DO NOTHING`,
      [
        chunks.map((c) => c.execution_id),
        chunks.map((c) => c.stream),
        chunks.map((c) => c.offset),
        chunks.map((c) => c.length),
        chunks.map((c) => c.sequence),
        chunks.map((c) => c.at),
        chunks.map((c) => c.data),
      ],
    );
  },

  /** Chunks of one stream from the one that holds byte `from` on; at most `limit`. */
  async ofStream(sql: Sql, executionId: string, stream: Stream, from: number, limit: number): Promise<LogChunk[]> {
    const rows = await sql.rows<ChunkRow>(
      `SELECT stream, "offset", length, sequence, at, data FROM log_chunk
       WHERE execution_id = $1 AND stream = $2 AND "offset" + length > $3 AND "offset" >= coalesce(
         (SELECT max("offset") FROM log_chunk WHERE execution_id = $1 AND stream = $2 AND "offset" <= $3), 0)
       ORDER BY "offset" LIMIT $4`,
      [executionId, stream, from, limit],
    );
    return rows.map(toChunk(executionId));
  },

  /** Chunks of both streams in the order the agent saw them, after sequence `after`. */
  async interleaved(sql: Sql, executionId: string, after: number, limit: number): Promise<LogChunk[]> {
    const rows = await sql.rows<ChunkRow>(
      `SELECT stream, "offset", length, sequence, at, data FROM log_chunk WHERE execution_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
      [executionId, after, limit],
    );
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
    const [filter, order] = stream === null ? ['($2::text IS NULL)', 'sequence'] : ['stream = $2', '"offset"'];
    const rows = await sql.rows<ChunkRow>(
      `SELECT stream, "offset", length, sequence, at, data FROM log_chunk
       WHERE execution_id = $1 AND ${filter} AND ($3::bigint IS NULL OR ${order} < $3) ORDER BY ${order} DESC LIMIT $4`,
      [executionId, stream, before, limit],
    );
    return rows.map(toChunk(executionId));
  },
};
