import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { countLines, placeChunk, type ChunkPlace, type LogChunk, type LogTally, type Stream } from '@drover/domain';
import { MAX_CHUNK_BYTES, type ReportItem } from '@drover/protocol';
import type { StoredExecution } from '@drover/store';

/** A chunk as it came, its member already decoded from the wire. */
export interface IncomingChunk {
  execution_id: string;
  epoch: number;
  stream: Stream;
  offset: number;
  length: number;
  sequence: number;
  at: Date;
  data: Buffer;
  /** Newlines among the raw bytes. Absent: they are counted here. */
  lines?: number;
  /** The last raw byte is not a newline. */
  open?: boolean;
}

const unpack = promisify(gunzip);

/**
 * Counts the lines of a chunk whose sender has not done so: an older worker, or an agent of a dialect. One that cannot
 * be unpacked stays uncounted.
 */
export async function countOlder(item: ReportItem | ({ kind: 'raw-chunk' } & IncomingChunk)): Promise<void> {
  if ((item.kind !== 'chunk' && item.kind !== 'raw-chunk') || item.lines !== undefined) return;
  const member = item.kind === 'chunk' ? Buffer.from(item.data, 'base64') : item.data;
  const raw = await unpack(member, { maxOutputLength: MAX_CHUNK_BYTES }).catch(() => undefined);
  if (raw?.length === item.length) Object.assign(item, countLines(raw));
}

/**
 * The place of the next chunk of an execution. Its sequence is above that of every chunk before it, so that the order
 * of acceptance is the order of delivery. Without a count of its own, or of all that is before it, it has no place: the
 * log is counted when its index is asked for.
 */
export function placedBehind(
  { stdout_bytes, stderr_bytes, log_tally }: StoredExecution,
  chunk: Pick<LogChunk, 'stream' | 'length' | 'sequence'> & { lines: number | undefined; open: boolean | undefined },
): { sequence: number; place: ChunkPlace | null; tally: LogTally | null } {
  const stored = stdout_bytes + stderr_bytes;
  const before = stored === 0 ? {} : log_tally;
  const sequence = Math.max(chunk.sequence, (before?.sequence ?? -1) + 1);
  const { lines, open = false } = chunk;
  if (before === null || lines === undefined || (before.bytes ?? 0) !== stored)
    return { sequence, place: null, tally: null };
  return { sequence, ...placeChunk(before, { ...chunk, sequence, lines, open }) };
}
