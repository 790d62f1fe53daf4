const ESC = 0x1b;
const BEL = 0x07;
/** Parameters longer than this are no colour. */
const LONGEST_SEQUENCE = 64;

export interface ControlFilterOptions {
  /** Colours and other renditions (`ESC [ … m`) pass. */
  colours: boolean;
  /** A carriage return passes: progress bars write over their line with it. */
  returns: boolean;
}

type State = 'text' | 'escape' | 'csi' | 'string' | 'string-escape';

/**
 * Takes out of text what steers a terminal: escape sequences whole, and every other control character, also the
 * eight-bit ones (C1). A sequence may be split over pieces. Newlines and tabs pass. A string sequence (OSC and the
 * like) ends with its line at the latest, so that one without an end does not hide what follows.
 */
export class ControlFilter {
  private state: State = 'text';
  private sequence = '';
  /** A colour has passed that was not taken back yet. */
  coloured = false;

  constructor(private readonly options: ControlFilterOptions) {}

  push(text: string): string {
    let out = '';
    // Copies what is harmless in runs: nearly all of a log is.
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.state === 'text' && (code >= 0xa0 || (code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x09))
        continue;
      out += text.slice(from, at);
      out += this.step(code, text[at] as string);
      from = at + 1;
    }
    return out + text.slice(from);
  }

  private step(code: number, char: string): string {
    switch (this.state) {
      case 'text':
        return this.control(code, char);
      case 'escape':
        return this.afterEscape(code, char);
      case 'csi':
        return this.inCsi(code, char);
      case 'string':
        if (code === BEL || code === 0x9c) this.state = 'text';
        else if (code === ESC) this.state = 'string-escape';
        else if (code === 0x0a) return this.again(code, char);
        return '';
      case 'string-escape':
        if (char !== '\\') return this.afterEscape(code, char);
        this.state = 'text';
        return '';
    }
  }

  private control(code: number, char: string): string {
    if (code === ESC) this.state = 'escape';
    else if (code === 0x9b) this.begin('csi');
    else if (code === 0x9d || code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f) this.state = 'string';
    else if (code === 0x0d && this.options.returns) return char;
    else if (code === 0x0a || code === 0x09 || code >= 0xa0 || (code >= 0x20 && code < 0x7f)) return char;
    return '';
  }

  private afterEscape(code: number, char: string): string {
    if (char === '[') this.begin('csi');
    else if (']PX^_'.includes(char)) this.state = 'string';
    // Intermediate bytes; the sequence ends with the next that is none.
    else if (code >= 0x20 && code <= 0x2f) this.state = 'escape';
    else if (code >= 0x30 && code < 0x7f) this.state = 'text';
    else return this.again(code, char);
    return '';
  }

  private inCsi(code: number, char: string): string {
    if (code >= 0x40 && code < 0x7f) {
      this.state = 'text';
      if (char !== 'm' || !this.options.colours || !/^[\d;:]*$/.test(this.sequence)) return '';
      this.coloured = !/^0*$/.test(this.sequence);
      return `\u001b[${this.sequence}m`;
    }
    if (code < 0x20 || code > 0x3f || this.sequence.length >= LONGEST_SEQUENCE) return this.again(code, char);
    this.sequence += char;
    return '';
  }

  private begin(state: State): void {
    this.state = state;
    this.sequence = '';
  }

  /** The text read so far is no sequence after all: the character stands for itself. */
  private again(code: number, char: string): string {
    this.state = 'text';
    return this.control(code, char);
  }
}

/** Marks, embeddings, overrides and isolates by which text is shown in another order than it is written. */
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SEPARATORS = /[\u2028\u2029]/g;

/** A text without anything that steers a terminal or changes the order of what is read; lines and tabs stay. */
export const safeText = (text: string): string =>
  new ControlFilter({ colours: false, returns: false })
    .push(text)
    .replaceAll(REORDERING, '')
    .replaceAll(SEPARATORS, ' ');

/** The same on one line, e.g. for a cell of a table. */
export const safeLine = (text: string): string => safeText(text).replaceAll(/\s*[\r\n]+\s*/g, ' ');
