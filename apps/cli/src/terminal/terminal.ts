import { StringDecoder } from 'node:string_decoder';
import Table from 'cli-table3';
import pc from 'picocolors';
import { ControlFilter, safeLine, safeText } from '@drover/domain';

export type Stream = 'stdout' | 'stderr';
export type Colour = 'green' | 'red' | 'cyan' | 'yellow' | 'dim';

/** A text in a colour of ours. The text itself is as foreign as any other. */
export class Coloured {
  constructor(
    readonly text: string,
    readonly colour: Colour,
  ) {}
}

export type Piece = string | Coloured;

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

type Out = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };

/**
 * The one way out of the command line (a test holds every command to it): what steers a terminal is taken out of
 * everything, colours of our own are put in here.
 */
export class Terminal {
  private readonly to: Record<Stream, Out>;
  private readonly logs: Partial<Record<Stream, { filter: ControlFilter; decoder: StringDecoder }>> = {};
  private readonly gone = new Set<Stream>();
  private statusShown = false;

  constructor(stdout: Out = process.stdout, stderr: Out = process.stderr) {
    this.to = { stdout, stderr };
    for (const stream of ['stdout', 'stderr'] as const) {
      // A reader that has gone (`| head`) is no failure.
      this.to[stream].on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        this.gone.add(stream);
      });
    }
  }

  isTerminal(stream: Stream): boolean {
    return this.to[stream].isTTY === true;
  }

  /** Gives up a stream with what its reader has not taken yet. */
  drop(stream: Stream): void {
    this.gone.add(stream);
    (this.to[stream] as NodeJS.WritableStream & { destroy(): void }).destroy();
  }

  /** Nobody reads this stream any more. */
  isGone(stream: Stream): boolean {
    return this.gone.has(stream);
  }

  /** Text for stdout. Resolves when it is taken. */
  out(...pieces: Piece[]): Promise<void> {
    return this.write('stdout', pieces.map((piece) => this.shown(piece, 'stdout')).join(''));
  }

  /** Text for stderr. */
  err(...pieces: Piece[]): Promise<void> {
    return this.write('stderr', pieces.map((piece) => this.shown(piece, 'stderr')).join(''));
  }

  /** A message of ours on a line of its own, after whatever status stands there. */
  say(text: string): Promise<void> {
    this.clearStatus();
    return this.err(`drover: ${text}\n`);
  }

  /** A value for programs, exact: controls are written as JSON escapes. */
  json(value: unknown, indent?: number): Promise<void> {
    return this.write('stdout', `${safeJson(value, indent)}\n`);
  }

  /** Pieces on one line of stdout, whatever they hold. */
  line(...pieces: Piece[]): Promise<void> {
    return this.write('stdout', `${pieces.map((piece) => this.cell(piece)).join('')}\n`);
  }

  /** Rows below their titles, a line each. */
  table(titles: string[], rows: Piece[][]): Promise<void> {
    const table = new Table({
      head: titles,
      chars: NO_FRAME,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    });
    table.push(...rows.map((row) => row.map((piece) => this.cell(piece))));
    return this.write(
      'stdout',
      `${table
        .toString()
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')}\n`,
    );
  }

  /** Turns to the terminal's other screen, without a cursor: what stands on the first one stays there. */
  enterScreen(): void {
    void this.write('stdout', '\u001b[?1049h\u001b[?25l');
  }

  leaveScreen(): void {
    void this.write('stdout', '\u001b[?25h\u001b[?1049l');
  }

  /** A screen of lines in place of the one before; columns that do not fit are cut, and lines that do not are counted. */
  frame(lines: Piece[][]): Promise<void> {
    // A terminal that does not know its size says 0.
    const [columns, rows] = [this.to.stdout.columns || 80, this.to.stdout.rows || 24];
    const room = Math.max(1, rows - 1);
    const cut =
      lines.length > room
        ? [...lines.slice(0, room - 1), [`… ${lines.length - room + 1} more lines in a higher window`]]
        : lines;
    const shown = cut.map((line) => {
      let left = columns;
      const cells = line.map((piece) => {
        const text = safeLine(piece instanceof Coloured ? piece.text : piece).slice(0, left);
        left -= text.length;
        return piece instanceof Coloured ? this.paint(text, piece.colour, 'stdout') : text;
      });
      return `${cells.join('')}\u001b[K\n`;
    });
    return this.write('stdout', `\u001b[H${shown.join('')}\u001b[J`);
  }

  private cell(piece: Piece): string {
    return piece instanceof Coloured ? this.paint(safeLine(piece.text), piece.colour, 'stdout') : safeLine(piece);
  }

  /**
   * Output of a job: to the byte where it is piped or `raw`; on a terminal colours pass and nothing else that steers
   * it.
   */
  log(stream: Stream, bytes: Buffer, raw: boolean): Promise<void> {
    if (raw || !this.isTerminal(stream)) return this.write(stream, bytes);
    const { filter, decoder } = (this.logs[stream] ??= {
      filter: new ControlFilter({ colours: true, returns: true }),
      decoder: new StringDecoder('utf8'),
    });
    return this.write(stream, filter.push(decoder.write(bytes)));
  }

  /** After the last of it: takes back a colour that the job left on. */
  async endLog(): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.logs[stream]?.filter.coloured) await this.write(stream, '\u001b[0m');
      delete this.logs[stream];
    }
  }

  /** One line that says what is waited for, replaced by the next; nothing where stderr is no terminal. */
  status(text: string): void {
    if (!this.isTerminal('stderr')) return;
    void this.write('stderr', `\r\u001b[K${safeLine(text).slice(0, (this.to.stderr.columns || 80) - 1)}`);
    this.statusShown = true;
  }

  clearStatus(): void {
    if (this.statusShown) void this.write('stderr', '\r\u001b[K');
    this.statusShown = false;
  }

  private shown(piece: Piece, stream: Stream): string {
    return piece instanceof Coloured ? this.paint(safeText(piece.text), piece.colour, stream) : safeText(piece);
  }

  /** Colours only where a person looks. */
  private paint(text: string, colour: Colour, stream: Stream): string {
    return pc.createColors(this.isTerminal(stream) && pc.isColorSupported)[colour](text);
  }

  private write(stream: Stream, data: string | Buffer): Promise<void> {
    if (data.length === 0 || this.gone.has(stream)) return Promise.resolve();
    return new Promise((resolve) => {
      this.to[stream].write(data, () => resolve());
    });
  }
}

/** JSON escapes the low controls by itself; DEL and the eight-bit ones steer terminals, too. */
function safeJson(value: unknown, indent?: number): string {
  // eslint-disable-next-line no-control-regex
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The terminal of this process. */
export const terminal = new Terminal();
