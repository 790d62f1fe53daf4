import type { IncomingMessage } from 'node:http';
import type { Submission } from '@drover/domain';
import { readTraceparent } from '@drover/telemetry';

/** The characters of a `traceparent` of version 00; later versions may append more. */
const LENGTH = 55;

/** The submission with the trace context of its request, if that has one: the trace of the job has a link to it. */
export function linked(submission: Submission, { headers }: Pick<IncomingMessage, 'headers'>): Submission {
  const header = headers['traceparent'];
  if (typeof header !== 'string' || readTraceparent(header) === null) return submission;
  return { ...submission, spec: { ...submission.spec, traceparent: header.trim().slice(0, LENGTH) } };
}
