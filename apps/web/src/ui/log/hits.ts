import type { FoundLine, SearchProgress } from '../../api/logs.js';

/** Memory for the texts of hits and the lines around them, bytes. A search that goes on lets the oldest ones go. */
const MOST_BYTES = 16 * 1024 * 1024;
const LINE_BYTES = 200;

/** end: all was searched. limit: so many hits are shown. time: the search took its time. Null: it goes on. */
type SearchEnd = 'end' | 'limit' | 'time' | null;

export interface Found {
  /** Lines around each hit that were asked for; a screen may show fewer. */
  around: number;
  /** Hits and the lines around them, in the order of the log. */
  lines: FoundLine[];
  /** Hits by the number of their line, in the order of the log. */
  hits: Map<number, FoundLine>;
  /** Hits found before this search went on that there is no memory for. */
  letGo: number;
  progress: SearchProgress | null;
  end: SearchEnd;
  error: unknown;
  /** Why the server cannot search at the moment; null while it can. */
  trouble: string | null;
}

const BEGUN = { progress: null, end: null, error: null, trouble: null };
const sizeOf = ({ text }: FoundLine): number => LINE_BYTES + 2 * text.length;

/** The hits of one search, as far as it is. */
export class Hits {
  readonly found: Found;
  /** The line to go on with. */
  next = 1;
  /** Lines found before the search went on, which may be let go, and the memory of those since. */
  private earlier = 0;
  private fresh = 0;
  private bytes = 0;

  constructor(
    /** The search without the lines around its hits. */
    readonly of: string,
    around: number,
    /** The last line that this search had come to before it began anew: as far it goes without being asked. */
    private readonly goal = 0,
  ) {
    this.found = { around, lines: [], hits: new Map(), letGo: 0, ...BEGUN };
  }

  /** The same search with more lines around each hit, from the first line on; it comes as far as this one did. */
  widened(around: number): Hits {
    return new Hits(this.of, around, Math.max(this.goal, this.next - 1));
  }

  /** The search goes on from `next`. */
  begin(): void {
    Object.assign(this.found, BEGUN);
    this.earlier = this.found.lines.length;
    this.fresh = 0;
  }

  /** False: there is no memory for more, and the search has to stop. */
  add(line: FoundLine, isHit: boolean): boolean {
    const { lines, hits } = this.found;
    if (line.number < this.next) return true;
    lines.push(line);
    if (isHit) hits.set(line.number, line);
    this.next = line.number + 1;
    const size = sizeOf(line);
    this.fresh += size;
    this.bytes += size;
    if (this.bytes > MOST_BYTES) this.letGo();
    if (this.fresh <= MOST_BYTES) return true;
    this.found.end = 'limit';
    return false;
  }

  /** The server has ended the search. True: it goes on by itself, to where it had come before. */
  end(progress: SearchProgress, reason: Exclude<SearchEnd, null>): boolean {
    this.found.progress = progress;
    this.next = Math.max(this.next, progress.next);
    if (reason !== 'end' && this.next <= this.goal) return true;
    this.found.end = reason;
    return false;
  }

  /** Lets the oldest of the earlier lines go until the rest takes three quarters of the memory. */
  private letGo(): void {
    const { found } = this;
    let gone = 0;
    for (; gone < this.earlier && this.bytes > (MOST_BYTES * 3) / 4; gone += 1)
      this.bytes -= sizeOf(found.lines[gone] as FoundLine);
    for (const { number } of found.lines.splice(0, gone)) if (found.hits.delete(number)) found.letGo += 1;
    this.earlier -= gone;
  }
}

/** The lines at most so far from a hit. */
export function linesNear({ lines, hits, around }: Found, near: number): readonly FoundLine[] {
  if (near >= around) return lines;
  const wanted = new Set<number>();
  for (const hit of hits.keys()) for (let by = -near; by <= near; by += 1) wanted.add(hit + by);
  return lines.filter(({ number }) => wanted.has(number));
}
