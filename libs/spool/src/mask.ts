/**
 * Shorter values are not blotted out: they stand in every other line by chance, and a log without them could not be
 * read.
 */
const SHORTEST = 4;

/**
 * Values that must not leave the node with the output of a job. Each is overwritten with asterisks of the same length,
 * so that offsets and sizes stay what they are in the file.
 */
export class Mask {
  private constructor(private readonly secrets: readonly Buffer[]) {}

  /** Undefined: there is nothing to hide. */
  static of(values: readonly string[]): Mask | undefined {
    const secrets = [...new Set(values)].map((value) => Buffer.from(value)).filter((value) => value.length >= SHORTEST);
    return secrets.length === 0 ? undefined : new Mask(secrets);
  }

  /** So many bytes on each side of a byte decide whether it is shown. */
  get reach(): number {
    return Math.max(...this.secrets.map((secret) => secret.length)) - 1;
  }

  /** Overwrites what is found, in place. */
  apply(bytes: Buffer): void {
    const found: [start: number, end: number][] = [];
    for (const secret of this.secrets) {
      for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + 1)) {
        const last = found.at(-1);
        // A value may overlap itself.
        if (last && at >= last[0] && at <= last[1]) last[1] = Math.max(last[1], at + secret.length);
        else found.push([at, at + secret.length]);
      }
    }
    // Only now: values may overlap each other.
    for (const [start, end] of found) bytes.fill('*', start, end);
  }

  /**
   * How many bytes at the end may be the beginning of a value whose rest is still to come. `end`: the last `reach`
   * bytes.
   */
  pending(end: Buffer): number {
    for (let length = end.length; length > 0; length -= 1) {
      const suffix = end.subarray(end.length - length);
      if (this.secrets.some((secret) => secret.length > length && secret.subarray(0, length).equals(suffix)))
        return length;
    }
    return 0;
  }
}
