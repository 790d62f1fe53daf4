/*
 * The client sends `envars` as Python prints a dict: {'A': 'b c', "it's": 'x'}. This reads dicts, strings, numbers,
 * True, False and None; nothing is evaluated.
 */

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value();
    this.blanks();
    if (this.at < this.text.length) throw this.fault();
    return value;
  }

  private value(): unknown {
    this.blanks();
    const c = this.text[this.at];
    if (c === '{') return this.dict();
    if (c === '"' || c === "'") return this.string();
    const word = /^(True|False|None|[+-]?\d+(\.\d*)?([eE][+-]?\d+)?)/.exec(this.text.slice(this.at, this.at + 40))?.[0];
    if (word === undefined) throw this.fault();
    this.at += word.length;
    return word === 'True' ? true : word === 'False' ? false : word === 'None' ? null : Number(word);
  }

  private dict(): Record<string, unknown> {
    if ((this.depth += 1) > 16) throw this.fault();
    const entries: [string, unknown][] = [];
    this.at += 1;
    for (;;) {
      this.blanks();
      if (this.text[this.at] === '}') break;
      const key = this.value();
      this.expect(':');
      entries.push([String(key), this.value()]);
      this.blanks();
      if (this.text[this.at] === '}') break;
      this.expect(',');
    }
    this.at += 1;
    this.depth -= 1;
    return Object.fromEntries(entries);
  }

  private string(): string {
    const quote = this.text[this.at] as string;
    let value = '';
    for (this.at += 1; this.text[this.at] !== quote; this.at += 1) {
      const c = this.text[this.at];
      if (c === undefined) throw this.fault();
      value += c === '\\' ? this.escape() : c;
    }
    this.at += 1;
    return value;
  }

  /** Reads an escape. It begins at a backslash and ends on the escape's last character. */
  private escape(): string {
    this.at += 1;
    const c = this.text[this.at];
    if (c === undefined) throw this.fault();
    const digits = { x: 2, u: 4, U: 8 }[c];
    if (digits !== undefined) {
      const hex = this.text.slice(this.at + 1, this.at + 1 + digits);
      const point = Number.parseInt(hex, 16);
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits || point > 0x10ffff) throw this.fault();
      this.at += digits;
      return String.fromCodePoint(point);
    }
    return (
      { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '0': '\0', '\n': '' }[c] ??
      ('\\\'"'.includes(c) ? c : `\\${c}`)
    );
  }

  private expect(c: string): void {
    this.blanks();
    if (this.text[this.at] !== c) throw this.fault();
    this.at += 1;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? 'x')) this.at += 1;
  }

  private fault(): Error {
    return new SyntaxError(`not a Python literal at character ${this.at}`);
  }
}

/** @throws SyntaxError */
export function pythonLiteral(text: string): unknown {
  return new Reader(text).whole();
}
