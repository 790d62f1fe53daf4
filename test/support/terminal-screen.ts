/** Escape sequences that {@link TerminalScreen} knows; any other one is a fault of the program or of the test. */
// eslint-disable-next-line no-control-regex
const SEQUENCE = /^\u001b\[([?\d;]*)([A-Za-z])/;

/** A terminal as far as programs of ours use it: two screens, a cursor, and what stands in each line. */
export class TerminalScreen {
  /** False: the first screen, where the shell is. */
  alternate = false;
  cursorShown = true;
  private readonly lines: Record<'first' | 'other', string[]> = { first: [''], other: [''] };
  private row = 0;
  private column = 0;
  private rest = '';

  /** The lines of the screen that is shown, without blanks at their ends. */
  shown(): string[] {
    return this.now.map((line) => line.trimEnd());
  }

  text(): string {
    return this.shown().join('\n');
  }

  private get now(): string[] {
    return this.lines[this.alternate ? 'other' : 'first'];
  }

  write(text: string): void {
    this.rest += text;
    while (this.rest !== '') {
      if (this.rest.startsWith('\u001b')) {
        const found = SEQUENCE.exec(this.rest);
        if (!found) {
          if (this.rest.length < 12) return;
          throw new Error(`A terminal got ${JSON.stringify(this.rest.slice(0, 20))}.`);
        }
        this.rest = this.rest.slice(found[0].length);
        this.steer(found[1] ?? '', found[2] ?? '');
      } else {
        this.put(this.rest[0] ?? '');
        this.rest = this.rest.slice(1);
      }
    }
  }

  private put(char: string): void {
    if (char === '\r') this.column = 0;
    else if (char === '\n') this.row += 1;
    else {
      this.now[this.row] = `${this.line.slice(0, this.column)}${char}${this.line.slice(this.column + 1)}`;
      this.column += 1;
    }
    while (this.now.length <= this.row) this.now.push('');
  }

  private get line(): string {
    return (this.now[this.row] ?? '').padEnd(this.column);
  }

  private steer(parameters: string, command: string): void {
    const sequence = `${parameters}${command}`;
    if (sequence === '?25h' || sequence === '?25l') this.cursorShown = command === 'h';
    else if (sequence === '?1049h' || sequence === '?1049l') {
      this.alternate = command === 'h';
      if (this.alternate) this.lines.other = [''];
      [this.row, this.column] = this.alternate ? [0, 0] : [this.now.length - 1, 0];
    } else if (sequence === 'H') [this.row, this.column] = [0, 0];
    else if (sequence === 'K') this.now[this.row] = this.line.slice(0, this.column);
    else if (sequence === 'J') {
      this.now.length = this.row + 1;
      this.now[this.row] = this.line.slice(0, this.column);
    } else if (command !== 'm') throw new Error(`A terminal got the sequence ${sequence}.`);
  }
}
