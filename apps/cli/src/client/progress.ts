/** One line on the terminal that says what is waited for; nothing where there is no terminal. */
export class Progress {
  private shown = false;
  private readonly start = Date.now();

  constructor(private readonly out: NodeJS.WriteStream = process.stderr) {}

  say(text: string): void {
    if (!this.out.isTTY) return;
    const line = `${text} (${Math.round((Date.now() - this.start) / 1_000)} s)`;
    this.out.write(`\r\u001b[K${line.slice(0, (this.out.columns || 80) - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.out.write('\r\u001b[K');
    this.shown = false;
  }
}
