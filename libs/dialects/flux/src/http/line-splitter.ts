import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is given out in pieces: memory does not follow the job's habits. */
const MOST_CHARS = 1024 * 1024;

/** Makes lines, newline kept, of the bytes of several streams. Each stream has its own unfinished line. */
export class Lines {
  private readonly parts = new Map<string, { decoder: StringDecoder; rest: string }>();

  /** The lines that are complete with these bytes. */
  add(stream: string, bytes: Buffer): string[] {
    let part = this.parts.get(stream);
    if (!part) this.parts.set(stream, (part = { decoder: new StringDecoder('utf8'), rest: '' }));
    const text = part.decoder.write(bytes);
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      lines.push(part.rest + text.slice(from, at + 1));
      part.rest = '';
      from = at + 1;
    }
    // Earlier text is not looked at again: a line of a megabyte costs no more than a thousand short ones.
    part.rest += text.slice(from);
    if (part.rest.length > MOST_CHARS) {
      lines.push(part.rest);
      part.rest = '';
    }
    return lines;
  }

  /** The rest without a newline. */
  end(): string[] {
    return [...this.parts.values()].map(({ decoder, rest }) => rest + decoder.end()).filter((rest) => rest !== '');
  }
}
