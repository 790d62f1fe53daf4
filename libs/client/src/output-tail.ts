import type { LogPiece } from './job-log.js';

/** The end of a job's output, as texts of a limited length. */
export class OutputTail {
  private readonly output: TextTail;
  private readonly stdout: TextTail;
  private readonly stderr: TextTail;
  private execution: string | null = null;

  /** @param most Characters of each text */
  constructor(most: number) {
    this.output = new TextTail(most);
    this.stdout = new TextTail(most);
    this.stderr = new TextTail(most);
  }

  /** Adds a piece. One of another execution begins the texts anew. */
  add({ execution, stream, text }: LogPiece): void {
    if (this.execution !== null && execution !== this.execution)
      for (const one of [this.output, this.stdout, this.stderr]) one.clear();
    this.execution = execution;
    this.output.add(text);
    this[stream].add(text);
  }

  texts(): { output: string; stdout: string; stderr: string; truncated: boolean } {
    const { output, stdout, stderr } = this;
    return { output: output.text(), stdout: stdout.text(), stderr: stderr.text(), truncated: output.isCut };
  }
}

class TextTail {
  private pieces: string[] = [];
  private length = 0;
  private lost = false;

  constructor(private readonly most: number) {}

  get isCut(): boolean {
    return this.lost || this.length > this.most;
  }

  clear(): void {
    this.pieces = [];
    this.length = 0;
    this.lost = false;
  }

  add(text: string): void {
    this.pieces.push(text);
    this.length += text.length;
    // Put together only now and then, so that a long output costs no more than its length.
    if (this.length <= 2 * this.most) return;
    this.pieces = [this.text()];
    this.length = this.most;
    this.lost = true;
  }

  text(): string {
    const whole = this.pieces.join('');
    return whole.length > this.most ? whole.slice(-this.most) : whole;
  }
}
