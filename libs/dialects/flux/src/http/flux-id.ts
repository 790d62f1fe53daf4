import { randomInt } from 'node:crypto';

/** Flux counts from a time of its own; any will do. 2024-01-01. */
const EPOCH_MS = 1_704_067_200_000;
const GENERATOR_BITS = 14;
const SEQUENCE_BITS = 10;

/** Ids as Flux makes them: 40 bits of milliseconds, 14 of who made it, 10 of a count. As decimal digits: they pass 2^53. */
export class FluxIds {
  private readonly generator = randomInt(2 ** GENERATOR_BITS);
  private lastMs = 0;
  private sequence = 0;

  next(now = Date.now()): string {
    const ms = Math.max(now - EPOCH_MS, this.lastMs);
    this.sequence = ms === this.lastMs ? this.sequence + 1 : 0;
    this.lastMs = ms;
    if (this.sequence >= 2 ** SEQUENCE_BITS) {
      // The millisecond is full: the next one is borrowed.
      this.lastMs += 1;
      this.sequence = 0;
    }
    return (
      (BigInt(this.lastMs) << BigInt(GENERATOR_BITS + SEQUENCE_BITS)) |
      (BigInt(this.generator) << BigInt(SEQUENCE_BITS)) |
      BigInt(this.sequence)
    ).toString();
  }
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Hex (`0x..`) and F58 (`ƒ..` or `f..`) as decimal digits; any other text as it is. */
export function decimalId(text: string): string {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text).toString();
  const digits = /^[ƒf]([1-9A-HJ-NP-Za-km-z]{2,12})$/.exec(text)?.[1];
  if (digits === undefined) return text;
  let value = 0n;
  for (const c of digits) value = value * 58n + BigInt(ALPHABET.indexOf(c));
  return value.toString();
}
