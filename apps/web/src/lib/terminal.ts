import Anser, { type AnserJsonEntry } from 'anser';

/** The part of a line that shows: what stands before a carriage return is gone once something follows it. */
export function over(text: string): string {
  const shown = text.replace(/\r+$/, '');
  return text.slice(shown.lastIndexOf('\r') + 1);
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
