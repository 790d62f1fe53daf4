import { createHash } from 'node:crypto';

/*
 * Ids of OpenTelemetry are made from those of the record, so that a worker and any replica of the API say the same
 * without asking each other.
 */

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const SAMPLED = '01';

/** The trace of a job: the 16 bytes of its id. */
export const traceIdOf = (jobId: string): string => jobId.replaceAll('-', '').toLowerCase();

/** The span of a part of a job: the first 8 bytes of the SHA-256 of `part:id`. */
export const spanIdOf = (part: string, id: string): string =>
  createHash('sha256').update(`${part}:${id}`).digest('hex').slice(0, 16);

/** The value of TRACEPARENT in the environment of an execution: spans of the job are children of its run. */
export const traceparentOf = (jobId: string, executionId: string): string =>
  `00-${traceIdOf(jobId)}-${spanIdOf('run', executionId)}-${SAMPLED}`;

/**
 * The span of the caller, as a `traceparent` header says it (W3C Trace Context). Null: it says nothing that can be
 * read.
 */
export function readTraceparent(header: unknown): { traceId: string; spanId: string; flags: number } | null {
  const [, version, traceId = '', spanId = '', flags = ''] =
    typeof header === 'string' ? (TRACEPARENT.exec(header.trim()) ?? []) : [];
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}
