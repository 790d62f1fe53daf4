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

/** Cuts pieces of two streams into lines. A carriage return writes over the line, as in a terminal. */
export class LineCutter {
  private next = 0;
  private readonly open = new Map<LogLine['stream'], LogLine>();

  /** The lines that a piece adds to, or begins. One that was given before and has grown is given again, with its number. */
  push(stream: LogLine['stream'], text: string): LogLine[] {
    const changed: LogLine[] = [];
    for (const [at, part] of text.split('\n').entries()) {
      if (at > 0) this.open.delete(stream);
      if (part === '' && at > 0 && at === text.split('\n').length - 1) break;
      const line = this.open.get(stream) ?? { at: this.next++, stream, text: '' };
      const grown = { ...line, text: over(line.text, part).slice(0, LONGEST) };
      this.open.set(stream, grown);
      changed.push(grown);
    }
    return changed;
  }
}

/** The text that a line shows after more text came to it. */
function over(before: string, more: string): string {
  const whole = before + more;
  const ended = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
  return ended.slice(ended.lastIndexOf('\r') + 1);
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
