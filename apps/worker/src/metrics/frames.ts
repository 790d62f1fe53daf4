/** Largest message; what is longer is no message of a metric client. */
export const MAX_FRAME = 256 * 1024;

/** Cuts a stream into messages that end with a NUL byte. */
export class Frames {
  private rest = Buffer.alloc(0);

  /** The messages that are whole now. Throws when one gets too long. */
  push(chunk: Buffer): string[] {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: string[] = [];
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0)) {
      messages.push(bytes.toString('utf8', 0, end));
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > MAX_FRAME) throw new Error('the message is too long');
    this.rest = Buffer.from(bytes);
    return messages;
  }
}
