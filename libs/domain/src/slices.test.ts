import { expect, it } from 'vitest';
import { slices, texts } from './slices.js';

it('cuts bytes into small parts that are all of them, without cutting a character', () => {
  for (const character of ['a', 'ä', '€', '😀']) {
    const bytes = Buffer.from(`x${character.repeat(50_000)}`);
    const parts = [...slices(bytes)];
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.toString()).not.toContain('\ufffd');
    expect([...texts(bytes)].join('')).toBe(bytes.toString());
  }
});

it('takes bytes that are no text, and bytes that end within a character, as they are', () => {
  const noText = Buffer.alloc(100_000, 0x80);
  expect(Buffer.concat([...slices(noText)]).equals(noText)).toBe(true);
  const cut = Buffer.from('€').subarray(0, 2);
  expect([...texts(cut)].join('')).toBe(cut.toString());
});
