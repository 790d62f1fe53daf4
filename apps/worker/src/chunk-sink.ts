import { INLINE_CHUNK_BYTES } from '@drover/protocol';
import type { ChunkSink, TailChunk } from '@drover/spool';
import { ApiRefused } from './agent.client.js';
import type { ReportBuffer } from './report-buffer.js';
import type { Session } from './session.js';

/** The execution is no longer ours. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/**
 * The way of an execution's chunks to the API: small ones inside the reports, large ones by the raw route, after
 * everything that was reported before them.
 */
export function chunkSink(
  session: Session,
  reports: ReportBuffer,
  execution: { id: string; epoch: number; reported(): Promise<unknown> },
): ChunkSink {
  const { id, epoch } = execution;
  const fenced = (status: number): Error =>
    status === 409 || status === 404
      ? new Fenced(`Execution ${id} is no longer ours.`)
      : new Error(`The API does not take the output of ${id} (${status}).`);

  const inline = async (chunk: TailChunk): Promise<{ stored: number }> => {
    const { data, ...rest } = chunk;
    const result = await reports.push({
      execution_id: id,
      epoch,
      kind: 'chunk',
      ...rest,
      data: data.toString('base64'),
    });
    if (result.status === 200 || result.status === 416) return { stored: result.stored ?? chunk.offset + chunk.length };
    throw fenced(result.status);
  };
  const raw = async (chunk: TailChunk): Promise<{ stored: number }> => {
    await execution.reported();
    try {
      return await session.persist((client) => client.log(id, epoch, chunk));
    } catch (error) {
      throw error instanceof ApiRefused ? fenced(error.status) : error;
    }
  };
  return (chunk) => (chunk.data.length > INLINE_CHUNK_BYTES ? raw(chunk) : inline(chunk));
}
