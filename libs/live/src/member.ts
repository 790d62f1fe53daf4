import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { DroverError, type LogChunk } from '@drover/domain';

const gunzipLater = promisify(gunzip);
/** Below this the trip to the thread pool costs more than the work. */
const SYNC_BYTES = 16 * 1024;

/** The raw bytes of a chunk. A member that is damaged, or holds another number of bytes than it says, is `conflict`. */
export async function rawOf(chunk: LogChunk): Promise<Buffer> {
  let raw: Buffer;
  try {
    // One byte more than promised, so that a bomb is seen without being unpacked.
    // One buffer of that size instead of pieces that are then joined: half the garbage.
    const options = { maxOutputLength: chunk.length + 1, chunkSize: Math.max(64, chunk.length + 1) };
    raw = chunk.length <= SYNC_BYTES ? gunzipSync(chunk.data, options) : await gunzipLater(chunk.data, options);
  } catch (error) {
    throw damaged(chunk, error instanceof Error ? error.message : String(error));
  }
  if (raw.length !== chunk.length) throw damaged(chunk, `it holds ${raw.length} bytes instead of ${chunk.length}`);
  return raw;
}

function damaged(chunk: LogChunk, why: string): DroverError {
  return new DroverError(
    'conflict',
    `The stored log is damaged: the piece of ${chunk.stream} at byte ${chunk.offset} cannot be unpacked (${why}).`,
    {
      execution_id: chunk.execution_id,
      stream: chunk.stream,
      offset: chunk.offset,
    },
  );
}
