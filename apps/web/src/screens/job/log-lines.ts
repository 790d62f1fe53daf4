import { over } from '../../lib/terminal.js';

export interface LogLine {
  /** Counts lines of this page. */
  at: number;
  stream: 'stdout' | 'stderr';
  text: string;
}

/** Lines that are kept: what is before them is in the whole log. */
const KEPT_LINES = 5_000;
/** A longer line is cut: what is behind is in the whole log. */
const LONGEST = 8_000;

/** A line that has not ended. */
interface OpenLine {
  at: number;
  /** Its text, with a carriage return at the end that waits for what is written over it. */
  raw: string;
}

/** Cuts pieces of two streams into lines. A carriage return writes over the line, as in a terminal. */
export class LineCutter {
  private next = 0;
  private readonly open = new Map<LogLine['stream'], OpenLine>();

  /** The lines that a piece adds to, or begins. One that was given before and has grown is given again, with its number. */
  push(stream: LogLine['stream'], text: string): LogLine[] {
    const parts = text.split('\n');
    // Nothing behind the last line feed is no line.
    const endsLine = parts.at(-1) === '' && parts.length > 1;
    const changed = (endsLine ? parts.slice(0, -1) : parts).map((part, at): LogLine => {
      if (at > 0) this.open.delete(stream);
      const before = this.open.get(stream) ?? { at: this.next++, raw: '' };
      const raw = over(before.raw + part).slice(0, LONGEST);
      this.open.set(stream, { at: before.at, raw });
      return { at: before.at, stream, text: raw.replace(/\r+$/, '') };
    });
    if (endsLine) this.open.delete(stream);
    return changed;
  }
}

/** The list with lines added or replaced by their number; the oldest go. */
export function withLines(before: readonly LogLine[], changed: readonly LogLine[]): LogLine[] {
  const lines = [...before];
  for (const line of changed) {
    const place = lines.findLastIndex(({ at }) => at <= line.at);
    if (place >= 0 && lines[place]?.at === line.at) lines[place] = line;
    else lines.splice(place + 1, 0, line);
  }
  return lines.slice(-KEPT_LINES);
}
