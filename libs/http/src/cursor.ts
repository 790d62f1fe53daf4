import { invalid } from '@drover/domain';

/** A position in a list as clients see it: opaque, so that it may change. */
export const toCursor = (seq: string | null): string | null =>
  seq === null ? null : Buffer.from(`s${seq}`).toString('base64url');

/** Throws `invalid` for anything that no list gave. */
export function fromCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const match = /^s(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match)
    throw invalid([
      { field: 'cursor', message: 'must be the "next" of the page before, unchanged', value: cursor.slice(0, 40) },
    ]);
  return match[1];
}
