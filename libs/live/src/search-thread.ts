/*
 * The search in pieces of a log, in a thread of its own: unpacking and comparing would hold the event loop, and a
 * pattern may take its time. The thread is ended when its time is up, see log-search.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { LineMatcher, type FoundLine, type MatcherOptions, type Standing } from './line-matcher.js';

/** A stored piece of the view, packed. */
export interface PackedPiece extends Standing {
  data: Uint8Array;
  /** Raw bytes. */
  length: number;
}

export interface SearchWork {
  pieces: PackedPiece[];
  /** Nothing comes after these. */
  last: boolean;
}

export interface SearchAnswer {
  found: FoundLine[];
  hits: number;
  /** The first line that was not searched, from 0. */
  next: number;
  /** All hits that were wanted are found. */
  isDone: boolean;
  /** Where a piece that cannot be unpacked begins in its stream. */
  damaged?: { stream: Standing['stream']; offset: number };
}

const matcher = new LineMatcher(workerData as MatcherOptions);

parentPort?.on('message', ({ pieces, last }: SearchWork) => {
  const answer: SearchAnswer = { found: [], hits: 0, next: 0, isDone: false };
  for (const { data, length, ...standing } of pieces) {
    if (matcher.isDone) break;
    try {
      const raw = gunzipSync(data, { maxOutputLength: length + 1, chunkSize: Math.max(64, length + 1) });
      answer.found.push(...matcher.piece(standing, raw));
    } catch {
      answer.damaged ??= { stream: standing.stream, offset: standing.stream_offset };
    }
  }
  if (last && !matcher.isDone) answer.found.push(...matcher.end());
  parentPort?.postMessage({ ...answer, hits: matcher.hits, next: matcher.nextLine, isDone: matcher.isDone });
});
