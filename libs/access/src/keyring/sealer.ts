import { open, seal } from './seal.js';

/** Seals what is kept in the record and opens it again, over changes of the key. */
export class Sealer {
  constructor(
    private readonly present: () => Buffer,
    private readonly all: () => readonly Buffer[],
  ) {}

  /** Seals with one key that never changes. */
  static of(key: Buffer): Sealer {
    return new Sealer(
      () => key,
      () => [key],
    );
  }

  /** `place` says what and whose the value is; sealed for one place it cannot be opened at another. */
  seal(place: string, value: string): Buffer {
    return seal(this.present(), place, Buffer.from(value));
  }

  /** Null: no key of ours has sealed it for this place. */
  open(place: string, sealed: Buffer): string | null {
    for (const key of this.all()) {
      const value = open(key, place, sealed);
      if (value !== null) return value.toString();
    }
    return null;
  }

  /** The same, sealed with the present key; null when nothing is to be done. */
  renew(place: string, sealed: Buffer): Buffer | null {
    if (open(this.present(), place, sealed) !== null) return null;
    const value = this.open(place, sealed);
    return value === null ? null : this.seal(place, value);
  }
}
