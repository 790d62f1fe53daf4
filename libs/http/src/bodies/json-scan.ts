import { invalid } from '@drover/domain';
import { tooComplex } from './body-problem.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Lists whose pieces have at least so many bytes are parsed piece by piece. */
const PIECE_BYTES = 64 * 1024;

/** How much a JSON text may hold. */
export interface JsonLimits {
  /** Objects and lists within each other. */
  depth: number;
  /** Values of the whole text. */
  items: number;
  /** Elements of a list that is a field of the topmost object. */
  elements?: number;
}

/**
 * A list of the topmost object that is long enough to be parsed in pieces. Places count from the first byte of the
 * text.
 */
export interface LongList {
  /** Where its name stands, with the quotation marks. */
  key: { from: number; to: number };
  /** Place of `[`. */
  open: number;
  /** Commas between two pieces. */
  cuts: number[];
  /** Place of `]`; -1 while it has not come. */
  close: number;
}

/**
 * Looks at the bytes of a JSON text as they come, before anything is made of them: depth and numbers are counted, and
 * the text is refused as soon as one is too large. One pass, no recursion, some 3 ms a megabyte. It does not check the
 * grammar: that is for JSON.parse.
 */
export class JsonScan {
  /** Long lists that were found. */
  readonly lists: LongList[] = [];
  private place = 0;
  private depth = 0;
  private items = 0;
  private inString = false;
  /** The text so far ends with a backslash that quotes the next byte. */
  private escaped = false;
  private stringFrom = 0;
  /** The last text at the topmost level: the name of the field that follows. */
  private key = { from: 0, to: 0 };
  private topIsObject = false;
  /** The list at hand, a field of the topmost object. */
  private list: LongList | null = null;
  private elements = 0;
  private pieceFrom = 0;

  constructor(private readonly limits: JsonLimits) {}

  /** Throws a refusal when the text holds too much. */
  feed(bytes: Buffer): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      if (this.inString) {
        at = this.skipString(bytes, at);
        continue;
      }
      switch (bytes[at]) {
        case QUOTE:
          this.inString = true;
          this.stringFrom = this.place + at;
          break;
        case COMMA:
          this.count();
          if (this.depth === 2 && this.list) this.nextElement(this.place + at);
          break;
        case OPEN_LIST:
          this.open(this.place + at, true);
          break;
        case OPEN_OBJECT:
          this.open(this.place + at, false);
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          this.shut(this.place + at);
          break;
        default:
      }
      at += 1;
    }
    this.place += length;
  }

  /** Goes on behind the end of the text at hand, or to the end of the bytes. */
  private skipString(bytes: Buffer, from: number): number {
    let start = from;
    if (this.escaped) {
      this.escaped = false;
      start += 1;
    }
    const quote = bytes.indexOf(QUOTE, start);
    const end = quote < 0 ? bytes.length : quote;
    let slashes = 0;
    for (let at = end - 1; at >= start && bytes[at] === BACKSLASH; at -= 1) slashes += 1;
    if (quote < 0) {
      this.escaped = slashes % 2 === 1 && start <= bytes.length;
      return bytes.length;
    }
    if (slashes % 2 === 0) {
      this.inString = false;
      if (this.depth === 1) this.key = { from: this.stringFrom, to: this.place + quote + 1 };
    }
    return quote + 1;
  }

  private open(place: number, isList: boolean): void {
    this.count();
    this.depth += 1;
    if (this.depth > this.limits.depth)
      throw tooComplex(`The body is nested more than ${this.limits.depth} levels deep; flatten it.`);
    if (this.depth === 1) this.topIsObject = !isList;
    if (this.depth === 2 && isList && this.topIsObject) {
      this.list = { key: this.key, open: place, cuts: [], close: -1 };
      this.elements = 1;
      this.pieceFrom = place;
    }
  }

  private shut(place: number): void {
    if (this.depth === 2 && this.list) {
      this.list.close = place;
      if (this.list.cuts.length > 0) this.lists.push(this.list);
      this.list = null;
    }
    this.depth -= 1;
  }

  private nextElement(place: number): void {
    this.elements += 1;
    const { elements } = this.limits;
    if (elements !== undefined && this.elements > elements) {
      throw invalid([{ field: 'jobs', message: `must hold at most ${elements} items` }]);
    }
    if (place - this.pieceFrom < PIECE_BYTES) return;
    this.list?.cuts.push(place);
    this.pieceFrom = place;
  }

  private count(): void {
    this.items += 1;
    if (this.items > this.limits.items)
      throw tooComplex(`The body holds more than ${this.limits.items} values; send less at once.`);
  }
}
