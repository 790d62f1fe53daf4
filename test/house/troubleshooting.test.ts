import { describe, expect, it } from 'vitest';
import { page, sources } from './sources.js';

/** The sentences of the page: the code in the first column of its tables. */
const SENTENCES = page('docs/troubleshooting.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => /^\| `([^`]+)`/.exec(line)?.[1] as string);

describe('The sentences of docs/troubleshooting.md', () => {
  const texts = [...sources('libs', 'apps').map(({ text }) => text), page('bin/drover.mjs')];
  it.each(SENTENCES)('%s: the program prints it', (sentence) => {
    for (const part of sentence
      .split('…')
      .map((text) => text.trim())
      .filter((text) => text.length >= 8))
      expect(
        texts.some((text) => text.includes(part)),
        `No program says: ${part}`,
      ).toBe(true);
  });
});
