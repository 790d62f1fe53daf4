import type { RE2JS } from 're2js';
import { countLines, type Stream } from '@drover/domain';
import { compile, regexRanges, type LinePattern } from './search-pattern.js';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Bytes of a line that spans pieces of the log in which is searched. */
const LINE_BYTES = 1024 * 1024;
/** Bytes of a line that are shown. */
const SHOWN_BYTES = 4_096;
/** Bytes that are shown before the first match of a long line. */
const LEAD_BYTES = 512;
/** Matches of a line that are marked. */
const RANGES = 50;

/** Where bytes of a log stand. */
export interface Standing {
  stream: Stream;
  /** The number of the first line, from 0, in the view. */
  line: number;
  /** The first byte in the view. */
  offset: number;
  stream_offset: number;
  /** ISO; when they were seen. */
  at: string;
}

export interface FoundLine {
  kind: 'hit' | 'context';
  /** From 1. */
  number: number;
  at: string;
  stream: Stream;
  offset: number;
  stream_offset: number;
  /** The line without its newline; of a long one a part that begins shortly before its first match. */
  text: string;
  /** The text is not the whole line. */
  cut: boolean;
  /** Bytes of the line before the text. */
  skipped: number;
  /** Matches in the text: first character, and the one after the last, as JavaScript counts them. */
  ranges: [number, number][];
}

export interface MatcherOptions extends LinePattern {
  /** Lines shown before and after each hit. */
  before: number;
  after: number;
  /** The first line to look at, from 0. */
  first: number;
  /** Hits at most. */
  limit: number;
}

/** Whole lines that lie side by side. */
interface Segment extends Standing {
  raw: Buffer;
}

interface Hit {
  start: number;
  end: number;
  number: number;
  ranges: [number, number][];
}

/** A line whose end has not come. */
interface Carry extends Standing {
  parts: Buffer[];
  kept: number;
}

/** Searches the pieces of a view in their order. It knows nothing of where they come from. */
export class LineMatcher {
  hits = 0;
  private readonly regex: RE2JS | null;
  private readonly needle: Buffer;
  private carry: Carry | null = null;
  private owed = 0;
  private emitted = -1;
  private next = 0;
  /** The last lines, for the context of a hit that comes. */
  private history: FoundLine[] = [];
  private found: FoundLine[] = [];

  constructor(private readonly options: MatcherOptions) {
    this.regex = compile(options);
    const text = options.text ?? '';
    this.needle = Buffer.from(options.ignoreCase ? text.toLowerCase() : text);
  }

  /** All hits that were wanted, with what stands after the last of them. */
  get isDone(): boolean {
    return this.hits >= this.options.limit && this.owed === 0;
  }

  /** The first line that was not searched, from 0: a line that goes on is searched when it has ended. */
  get nextLine(): number {
    if (this.hits >= this.options.limit) return this.emitted;
    return this.carry ? this.carry.line : this.next;
  }

  /** The next piece of the view. Gives the lines that are shown now. */
  piece(standing: Standing, raw: Buffer): FoundLine[] {
    // The other stream has ended a line whose number is not that of the piece.
    if (this.carry && this.carry.line !== standing.line) this.endLine();
    const first = this.carry ? raw.indexOf(NEWLINE) + 1 : 0;
    if (this.carry && first === 0) {
      this.carryOn(this.carry, raw);
      return this.taken();
    }
    if (this.carry) {
      this.carryOn(this.carry, raw.subarray(0, first));
      this.endLine();
    }
    const end = raw.lastIndexOf(NEWLINE) + 1;
    const line = standing.line + (first > 0 ? 1 : 0);
    const moved = (by: number, number: number): Standing => ({
      ...standing,
      line: number,
      offset: standing.offset + by,
      stream_offset: standing.stream_offset + by,
    });
    if (end > first) this.segment({ ...moved(first, line), raw: raw.subarray(first, end) });
    const rest = Math.max(end, first);
    if (rest < raw.length) {
      this.carry = { ...moved(rest, end > first ? this.next : line), parts: [], kept: 0 };
      this.carryOn(this.carry, raw.subarray(rest));
    }
    return this.taken();
  }

  /** The log has ended: so has its last line. */
  end(): FoundLine[] {
    this.endLine();
    return this.taken();
  }

  private taken(): FoundLine[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  private carryOn(carry: Carry, bytes: Buffer): void {
    const part = bytes.subarray(0, LINE_BYTES - carry.kept);
    if (part.length === 0) return;
    carry.parts.push(part);
    carry.kept += part.length;
  }

  private endLine(): void {
    if (!this.carry) return;
    const { parts, kept: _, ...standing } = this.carry;
    this.carry = null;
    this.segment({ ...standing, raw: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts) });
    this.next = standing.line + 1;
  }

  private segment(segment: Segment): void {
    const { raw } = segment;
    const { before, after, first } = this.options;
    let at = 0;
    let number = segment.line;
    const show = (to: number): void => {
      while (this.owed > 0 && at < to) {
        const end = lineEnd(raw, at);
        this.emit(lineOf('context', segment, at, end, number, []));
        this.owed -= 1;
        at = end;
        number += 1;
      }
    };
    for (const hit of this.isDone ? [] : this.hitsOf(segment)) {
      if (hit.number < first) continue;
      if (this.hits >= this.options.limit) break;
      show(hit.start);
      this.contextBefore(segment, hit, at);
      this.emit(lineOf('hit', segment, hit.start, hit.end, hit.number, hit.ranges));
      this.hits += 1;
      this.owed = after;
      at = hit.end;
      number = hit.number + 1;
    }
    show(raw.length);
    this.next = segment.line + countLines(raw).lines;
    if (before > 0)
      this.history = [...this.history, ...this.lastLines(segment, raw.length, 0, this.next)].slice(-before);
  }

  private emit(line: FoundLine): void {
    this.emitted = line.number;
    this.found.push(line);
  }

  private contextBefore(segment: Segment, hit: Hit, from: number): void {
    const { before } = this.options;
    if (before === 0) return;
    const here = this.lastLines(segment, hit.start, from, hit.number);
    const missing = from === 0 ? before - here.length : 0;
    const earlier = missing > 0 ? this.history.slice(-missing) : [];
    for (const line of [...earlier, ...here])
      if (line.number > this.emitted && line.number > this.options.first) this.emit(line);
  }

  /** The lines before a byte, at most as many as are shown before a hit. `number`: of the line that begins there. */
  private lastLines(segment: Segment, end: number, from: number, number: number): FoundLine[] {
    const { raw } = segment;
    const lines: FoundLine[] = [];
    let to = end;
    // The carried last line of a log has no newline, and no number after it.
    let line = raw[end - 1] === NEWLINE ? number : number + 1;
    while (to > from && lines.length < this.options.before) {
      const start = to < 2 ? 0 : raw.lastIndexOf(NEWLINE, to - 2) + 1;
      line -= 1;
      lines.push(lineOf('context', segment, start, to, line, []));
      to = start;
    }
    return lines.toReversed();
  }

  private hitsOf(segment: Segment): Generator<Hit> {
    return this.regex ? regexHits(this.regex, segment, this.options.first) : this.textHits(segment);
  }

  private *textHits({ raw, line }: Segment): Generator<Hit> {
    const { needle } = this;
    // One character a byte, so that places stay; only ASCII letters of the needle are compared.
    const lower = this.options.ignoreCase ? raw.toString('latin1').toLowerCase() : null;
    const word = needle.toString('latin1');
    const find = (from: number): number => (lower === null ? raw.indexOf(needle, from) : lower.indexOf(word, from));
    let number = line;
    let counted = 0;
    for (let at = find(0); at >= 0;) {
      const start = at === 0 ? 0 : raw.lastIndexOf(NEWLINE, at - 1) + 1;
      const end = lineEnd(raw, at);
      number += countLines(raw.subarray(counted, start)).lines;
      counted = start;
      const ranges: [number, number][] = [];
      for (; at >= 0 && at < end; at = find(at + needle.length))
        if (ranges.length < RANGES) ranges.push([at - start, at - start + needle.length]);
      yield { start, end, number, ranges };
    }
  }
}

/** Tries each line by itself; lines of ASCII are cut out of one text, which takes half the time. */
function* regexHits(regex: RE2JS, { raw, line }: Segment, first: number): Generator<Hit> {
  const whole = raw.toString();
  const isBytes = whole.length === raw.length;
  let number = line;
  for (let start = 0; start < raw.length; number += 1) {
    const end = lineEnd(raw, start);
    const last = bare(raw, start, end);
    if (number >= first) {
      const text = isBytes ? whole.slice(start, last) : raw.toString('utf8', start, last);
      if (regex.test(text)) yield { start, end, number, ranges: regexRanges(regex, text, RANGES) };
    }
    start = end;
  }
}

/** The byte after the newline, or after the last byte. */
function lineEnd(raw: Buffer, from: number): number {
  const newline = raw.indexOf(NEWLINE, from);
  return newline < 0 ? raw.length : newline + 1;
}

/** The byte after the last of a line without its newline. */
function bare(raw: Buffer, start: number, end: number): number {
  if (end === start || raw[end - 1] !== NEWLINE) return end;
  return end - 2 >= start && raw[end - 2] === RETURN ? end - 2 : end - 1;
}

function lineOf(
  kind: FoundLine['kind'],
  segment: Segment,
  start: number,
  end: number,
  number: number,
  ranges: [number, number][],
): FoundLine {
  const line = segment.raw.subarray(start, bare(segment.raw, start, end));
  const from = line.length <= SHOWN_BYTES ? 0 : characterStart(line, Math.max(0, (ranges[0]?.[0] ?? 0) - LEAD_BYTES));
  const to = characterStart(line, Math.min(line.length, from + SHOWN_BYTES));
  const unit = (byte: number): number => line.toString('utf8', from, Math.min(Math.max(byte, from), to)).length;
  return {
    kind,
    number: number + 1,
    at: segment.at,
    stream: segment.stream,
    offset: segment.offset + start,
    stream_offset: segment.stream_offset + start,
    text: line.toString('utf8', from, to),
    cut: to - from < line.length,
    skipped: from,
    ranges: ranges.filter(([begin]) => begin < to).map(([begin, after]) => [unit(begin), unit(after)]),
  };
}

/** The byte, or one before it, that does not lie within a character of UTF-8. */
function characterStart(line: Buffer, byte: number): number {
  let at = byte;
  for (let back = 0; back < 3 && at > 0 && at < line.length && ((line[at] as number) & 0xc0) === 0x80; back += 1)
    at -= 1;
  return at;
}
