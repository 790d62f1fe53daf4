import { describe, expect, it } from 'vitest';
import { GivenUp, UploadPatience } from './upload-patience.js';

describe('the patience with uploads', () => {
  /** How many tries a file gets, with a second between two of them; 1000: it was not given up. */
  function triesOf(patience: UploadPatience, pass: () => void): number {
    patience.begin();
    for (let tries = 1; tries < 1_000; tries++) {
      try {
        patience.failed(new Error('The API answered 500.'));
      } catch (error) {
        expect(error).toBeInstanceOf(GivenUp);
        expect((error as Error).message).toBe('The API answered 500.');
        return tries;
      }
      pass();
    }
    return 1_000;
  }

  it('ends a limit after the first failure, and leaves the next files a few tries', () => {
    let now = 0;
    const patience = new UploadPatience(
      60,
      () => 0,
      () => now,
    );
    const pass = (): void => void (now += 1_000);
    expect(triesOf(patience, pass)).toBe(61);
    expect(triesOf(patience, pass)).toBe(4);
  });

  it('gives a file a few tries however long each of them takes', () => {
    let now = 0;
    const patience = new UploadPatience(
      60,
      () => 0,
      () => now,
    );
    expect(triesOf(patience, () => void (now += 3_600_000))).toBe(4);
  });

  it('has no end while the API answers nothing else', () => {
    let now = 0;
    const patience = new UploadPatience(
      1,
      () => 6_000,
      () => now,
    );
    expect(triesOf(patience, () => void (now += 60_000))).toBe(1_000);
  });
});
