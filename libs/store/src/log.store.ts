import type { ChunkPlace, LogChunk, LogTally, Stream } from '@drover/domain';
import * as SQL from './log.sql.js';
import type { Sql } from './sql.js';

interface PlaceRow {
  stream: Stream;
  offset: string;
  length: number;
  sequence: string;
  at: Date;
  lines: number | null;
  open: boolean | null;
  line: string | null;
  view_line: string | null;
  view_offset: string | null;
}

interface ChunkRow extends PlaceRow {
  data: Buffer;
}

/** A chunk without its bytes. */
export type PlacedChunk = Omit<LogChunk, 'data'>;

const toPlaced =
  (executionId: string) =>
  (row: PlaceRow): PlacedChunk => ({
    execution_id: executionId,
    stream: row.stream,
    offset: Number(row.offset),
    length: row.length,
    sequence: Number(row.sequence),
    at: row.at,
    place:
      row.lines === null
        ? null
        : {
            lines: row.lines,
            open: row.open ?? false,
            line: Number(row.line),
            view_line: Number(row.view_line),
            view_offset: Number(row.view_offset),
          },
  });

const toChunk =
  (executionId: string) =>
  (row: ChunkRow): LogChunk => ({ ...toPlaced(executionId)(row), data: row.data });

const viewOf = (stream: Stream | null): SQL.LogView => (stream === null ? 'both' : 'stream');

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
      ...placesOf(chunks),
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

  /**
   * The last chunk of a view (`stream` null: of both) that begins before a line (from 0) or a time, or at or before a
   * byte; the first one when none does. Every chunk must have been counted. Null: nothing is stored.
   */
  async located(
    sql: Sql,
    executionId: string,
    stream: Stream | null,
    by: SQL.PlacedBy,
    value: number | Date,
  ): Promise<PlacedChunk | null> {
    const [row] = await sql.rows<PlaceRow>(SQL.LOCATED[viewOf(stream)][by], [executionId, stream, value]);
    return row ? toPlaced(executionId)(row) : null;
  },

  /** The last chunk of a view; null: nothing is stored. */
  async lastPlace(sql: Sql, executionId: string, stream: Stream | null): Promise<PlacedChunk | null> {
    const [row] = await sql.rows<PlaceRow>(SQL.LAST_PLACE[viewOf(stream)], [executionId, stream]);
    return row ? toPlaced(executionId)(row) : null;
  },

  /** The chunks of a stream that hold these bytes, each once, in their order. */
  async placesAt(sql: Sql, executionId: string, stream: Stream, offsets: number[]): Promise<PlacedChunk[]> {
    const rows = await sql.rows<PlaceRow>(SQL.PLACES_AT, [executionId, stream, offsets]);
    return rows.map(toPlaced(executionId));
  },

  /** The sequence of the first chunk that was not counted; null: all were. */
  async firstUncounted(sql: Sql, executionId: string): Promise<number | null> {
    const [row] = await sql.rows<{ sequence: string | null }>(SQL.FIRST_UNCOUNTED, [executionId]);
    return row?.sequence == null ? null : Number(row.sequence);
  },

  /** The last chunk of a stream, or of both, before a sequence. */
  async placeBefore(
    sql: Sql,
    executionId: string,
    stream: Stream | null,
    sequence: number,
  ): Promise<PlacedChunk | null> {
    const [row] = await sql.rows<PlaceRow>(SQL.PLACE_BEFORE, [executionId, stream, sequence]);
    return row ? toPlaced(executionId)(row) : null;
  },

  /** Notes the places of chunks that were stored without them. */
  async putPlaces(sql: Sql, executionId: string, chunks: PlacedChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    await sql.run(SQL.PUT_PLACES, [
      executionId,
      chunks.map((c) => c.stream),
      chunks.map((c) => c.offset),
      ...placesOf(chunks),
    ]);
  },

  /** Notes the tally of an execution that has ended, when all its bytes are in it. */
  async putTally(sql: Sql, executionId: string, tally: LogTally): Promise<void> {
    await sql.run(SQL.PUT_TALLY, [executionId, JSON.stringify(tally), tally.bytes ?? 0]);
  },
};

/** A list for each column of the places. */
function placesOf(chunks: { place: ChunkPlace | null }[]): unknown[][] {
  const names = ['lines', 'open', 'line', 'view_line', 'view_offset'] as const;
  return names.map((name) => chunks.map(({ place }) => place?.[name] ?? null));
}
