import type { LogLines } from '@drover/client';
import { DroverError } from '@drover/domain';
import { terminal } from '../terminal/terminal.js';
import { unwrap, type Session } from './session.js';

const PAGE = 1_000;

/** Lines of a log, from 1; `to` null: to the end. Below 0: so many before the end. */
export interface LineRange {
  from: number;
  to: number | null;
}

/** Reads `120`, `120-140`, `120-` or `-20`. @throws DroverError for what is none of these */
export function lineRange(text: string): LineRange {
  const last = /^-(\d{1,6})$/.exec(text);
  if (last && Number(last[1]) > 0) return { from: -Number(last[1]), to: null };
  const [, from, dash, to] = /^(\d{1,15})(-(\d{1,15})?)?$/.exec(text) ?? [];
  const range = { from: Number(from), to: dash === undefined ? Number(from) : to === undefined ? null : Number(to) };
  if (from !== undefined && range.from > 0 && (range.to === null || range.to >= range.from)) return range;
  throw new DroverError(
    'invalid',
    `--lines ${text}: must be a line from 1 such as 120, a range such as 120-140 or 120-, or -20 for the last 20.`,
  );
}

/** Writes lines of a log with their numbers, as `120:text`. */
export async function writeLines(
  session: Session,
  id: string,
  { from, to }: LineRange,
  stream: 'stdout' | 'stderr' | undefined,
): Promise<void> {
  for (let next: number | null = from; next !== null && (to === null || next <= to);) {
    const count: number = to === null ? PAGE : Math.min(PAGE, to - next + 1);
    const page: LogLines = unwrap(
      await session.api.GET('/api/v1/jobs/{id}/logs/lines', {
        params: { path: { id }, query: { from: next, count, ...(stream === undefined ? {} : { stream }) } },
      }),
    );
    for (const line of page.lines) await terminal.line(`${line.number}:`, line.text, line.cut ? '…' : '');
    if (terminal.isGone('stdout')) return;
    next = page.next;
  }
}
