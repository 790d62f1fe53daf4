import type { LogLine } from '../../api/types.js';
import { over, piecesOf, type Piece } from '../../lib/terminal.js';
import { spanOf } from '../../lib/time.js';

/** Lines that are linked, from 1; both ends belong to it. */
export interface LineRange {
  first: number;
  last: number;
}

/** The lines of an address such as `#L120` or `#L120-L140`; null where it names none. */
export function rangeOf(hash: string): LineRange | null {
  const [, one, other] = /^#?L?(\d{1,15})(?:-L?(\d{1,15}))?$/.exec(hash) ?? [];
  const numbers = [Number(one), Number(other ?? one)];
  if (one === undefined || numbers.includes(0)) return null;
  return { first: Math.min(...numbers), last: Math.max(...numbers) };
}

export const hashOf = ({ first, last }: LineRange): string => (first === last ? `#L${first}` : `#L${first}-L${last}`);

/** The lines from the one that was chosen before to this one. */
export const extended = (before: LineRange | null, to: number): LineRange =>
  before === null ? { first: to, last: to } : { first: Math.min(before.first, to), last: Math.max(before.first, to) };

/** A piece of a line that may be a hit of the search. */
export interface ShownPiece extends Piece {
  hit: boolean;
}

/** A line as it shows: written over by carriage returns, in its colours, with `marks` (of characters) as hits. */
export function shownPieces(raw: string, marks: readonly [from: number, to: number][] = []): ShownPiece[] {
  const pieces: ShownPiece[] = [];
  let at = 0;
  for (const { text, look } of piecesOf(shownText(raw))) {
    let from = 0;
    for (const [start, end] of marks) {
      const [low, high] = [Math.max(start - at, from), Math.min(end - at, text.length)];
      if (high <= low) continue;
      if (low > from) pieces.push({ text: text.slice(from, low), look, hit: false });
      pieces.push({ text: text.slice(low, high), look, hit: true });
      from = high;
    }
    if (from < text.length) pieces.push({ text: text.slice(from), look, hit: false });
    at += text.length;
  }
  return pieces;
}

/** The text after the last carriage return that wrote over it. */
const shownText = (raw: string): string => over(raw).replace(/\r+$/, '');

/** Whether a text shows the characters that it has. */
const showsAsWritten = (raw: string): boolean => !/[\r\u001b]/.test(raw);

/**
 * The hits within a line as it shows. The search counts characters of the raw line: where colours or carriage returns
 * change it, a text is looked for anew, and a regular expression marks the line alone.
 */
export function marksOf(
  raw: string,
  ranges: readonly [number, number][],
  text: string | null,
  exact: boolean,
): [number, number][] {
  if (showsAsWritten(raw)) return [...ranges];
  if (text === null || text === '') return [];
  const fold = (value: string): string => (exact ? value : value.toLowerCase());
  const shown = fold(piecesOf(shownText(raw)).reduce((all, piece) => all + piece.text, ''));
  const wanted = fold(text);
  const marks: [number, number][] = [];
  for (let at = shown.indexOf(wanted); at >= 0; at = shown.indexOf(wanted, at + wanted.length))
    marks.push([at, at + wanted.length]);
  return marks;
}

export const TIME_COLUMNS = ['none', 'exact', 'relative', 'delta'] as const;
export type TimeColumn = (typeof TIME_COLUMNS)[number];

const two = (value: number, width = 2): string => String(value).padStart(width, '0');

/** The time of a line: by the reader's clock, since the first line, or since the line before. */
export function timeOf(
  column: TimeColumn,
  line: Pick<LogLine, 'at'>,
  first: string | null,
  before: Pick<LogLine, 'at'> | undefined,
): string {
  const at = new Date(line.at);
  if (column === 'exact')
    return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
  if (column === 'relative') return first === null ? '' : `+${spanOf(at.getTime() - Date.parse(first))}`;
  if (column === 'delta') {
    const passed = before === undefined ? 0 : at.getTime() - Date.parse(before.at);
    return passed > 0 ? `+${spanOf(passed)}` : '';
  }
  return '';
}
