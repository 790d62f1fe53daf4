import Anser, { type AnserJsonEntry } from 'anser';

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

/** The part of a line that shows: what stands before a carriage return is gone once something follows it. */
function over(text: string): string {
  const shown = text.replace(/\r+$/, '');
  return text.slice(shown.lastIndexOf('\r') + 1);
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

/** A piece of a line with one look. */
export interface Piece {
  text: string;
  /** Names of classes: colours of the terminal, bold and so on. */
  look: string;
}

/** The pieces of a line with the colours that a terminal would give them. Other control sequences are left out. */
export function piecesOf(text: string): Piece[] {
  if (!text.includes('\u001b')) return [{ text, look: '' }];
  return Anser.ansiToJson(text, { json: true, remove_empty: true, use_classes: true }).map((entry) => ({
    text: entry.content,
    look: lookOf(entry),
  }));
}

function lookOf({ fg, bg, decorations }: AnserJsonEntry): string {
  // 256 colours and true colours would need a style of their own: they are left plain.
  const plain = (name: string | null): string => (name && /^ansi-[a-z-]+$/.test(name) ? name : '');
  const back = plain(bg);
  return [plain(fg), back && `${back}-back`, ...decorations.map((name) => `ansi--${name}`)].filter(Boolean).join(' ');
}
