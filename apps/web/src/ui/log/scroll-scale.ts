/** Height of a line that is not wrapped, pixels; the style sheet has the same number. */
export const ROW = 20;
/** Browsers let no element be higher than 17,895,697 (Firefox) or 33,554,428 (Chromium) pixels. */
const HIGHEST = 16_000_000;

/** Height of the box's content, pixels. */
export const heightOf = (total: number): number => Math.min(total * ROW, HIGHEST);

/** Whether a pixel of the scroll bar stands for more than a pixel of lines. */
export const isScaled = (total: number): boolean => total * ROW > HIGHEST;

/** A box of `view` pixels that shows a content of `height` pixels, and has room for the lines down to `last`. */
export interface Scale {
  height: number;
  view: number;
  /** The top at the end of the log, lines. */
  last: number;
}

/** The line at the top, from 0 and with its fraction, where the scroll bar stands at `scrolled` pixels. */
export function topAt(scrolled: number, { height, view, last }: Scale): number {
  const room = height - view;
  return room <= 0 ? 0 : (Math.min(Math.max(scrolled, 0), room) / room) * last;
}

/** The place of the scroll bar, pixels, with this line at the top. */
export function scrolledAt(top: number, { height, view, last }: Scale): number {
  const room = height - view;
  return room <= 0 || last <= 0 ? 0 : Math.min(Math.max(top / last, 0), 1) * room;
}

/**
 * The line at the top after it has moved by pixels: exact, whatever the scale. `heightAt` says how high a line is,
 * by its place from 0.
 */
export function walk(top: number, pixels: number, heightAt: (line: number) => number): number {
  let line = Math.floor(top);
  let rest = (top - line) * heightAt(line) + pixels;
  while (rest < 0 && line > 0) {
    line -= 1;
    rest += heightAt(line);
  }
  if (rest < 0) return 0;
  while (rest >= heightAt(line)) {
    rest -= heightAt(line);
    line += 1;
  }
  return line + rest / heightAt(line);
}
