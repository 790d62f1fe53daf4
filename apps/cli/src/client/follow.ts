import { followLog, type Job } from '@drover/client';
import { asRefused, type Session } from './session.js';

interface LogPiece {
  stream: 'stdout' | 'stderr';
  bytes: Buffer;
}

export interface FollowOptions {
  jobId: string;
  stream?: 'stdout' | 'stderr';
  tail?: number;
  signal: AbortSignal;
  /** Resolves when the bytes are taken. */
  onPiece: (piece: LogPiece) => Promise<void>;
  /** The connection was lost and is tried again. */
  onLost: () => void;
}

/** Follows a job's output to its end, over restarts of the API. Null: the job was deleted, or the signal. */
export async function followJob(
  session: Session,
  { jobId, signal, stream, tail, onPiece, onLost }: FollowOptions,
): Promise<Job | null> {
  const pieces = followLog(session, jobId, {
    signal,
    onLost,
    ...(stream ? { stream } : {}),
    ...(tail === undefined ? {} : { tail }),
  });
  try {
    let next = await pieces.next();
    // Each piece is asked for when the one before is out: what was not written is asked for again.
    for (; !next.done; next = await pieces.next())
      await onPiece({ stream: next.value.stream, bytes: Buffer.from(next.value.bytes) });
    return next.value;
  } catch (error) {
    if (signal.aborted) return null;
    throw asRefused(error);
  }
}
