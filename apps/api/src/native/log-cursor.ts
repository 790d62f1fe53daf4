import { invalid } from '@drover/domain';
import type { FollowFrom } from '@drover/live';

/*
 * Ids of log events: `<execution>.s<sequence>` (both streams; `.s<sequence>+<bytes>` within the piece that follows it)
 * or `<execution>.b<next byte>` (one stream); `<execution or none>.end` after the last.
 */

export const afterSequence = (execution: string, sequence: number): string => `${execution}.s${sequence}`;
/** Some bytes of a piece have been sent, the others follow: go on after the piece before it, without these bytes. */
export const within = (execution: string, sequence: number, bytes: number): string =>
  `${execution}.s${sequence - 1}+${bytes}`;
export const fromByte = (execution: string, offset: number): string => `${execution}.b${offset}`;
export const atEnd = (execution: string | undefined): string => `${execution ?? 'none'}.end`;

export type LogCursor = FollowFrom & { ended: boolean };

/** Where an id says to go on. Throws `invalid` for what is no id of ours, or of the other kind of view. */
export function parseLogCursor(id: string, oneStream: boolean): LogCursor {
  const match =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|none)\.(?:(s|b)(-1|\d{1,15})(?:\+(\d{1,10}))?|end)$/.exec(id);
  if (!match) throw fault(id, 'must be the id of an event of this stream, unchanged');
  const [, execution, kind, number, skip] = match;
  const executionId = execution === 'none' ? {} : { executionId: execution as string };
  if (kind === undefined)
    return { ...executionId, offset: Number.MAX_SAFE_INTEGER, after: Number.MAX_SAFE_INTEGER, ended: true };
  if ((kind === 'b') !== oneStream)
    throw fault(
      id,
      oneStream
        ? 'belongs to the view of both streams; leave out stream'
        : 'belongs to the view of one stream; give the same stream again',
    );
  return {
    ...executionId,
    ...(oneStream
      ? { offset: Math.max(0, Number(number)) }
      : { after: Number(number), ...(skip === undefined ? {} : { skip: Number(skip) }) }),
    ended: false,
  };
}

const fault = (id: string, message: string): Error =>
  invalid([{ field: 'Last-Event-ID', message, value: id.slice(0, 60).toWellFormed() }]);
