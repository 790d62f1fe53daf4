import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { gzipMember } from './gzip.js';

it.each([1, 159, 160, 16_383, 16_384, 1024 * 1024])('makes a whole gzip member of %i bytes', async (size) => {
  const raw = randomBytes(size);
  expect(gunzipSync(await gzipMember(raw)).equals(raw)).toBe(true);
});

it('makes members whose concatenation is the concatenation of their contents', async () => {
  const parts = ['a', 'b'.repeat(500), 'c'.repeat(100_000)].map((text) => Buffer.from(text));
  const members = await Promise.all(parts.map(async (part) => gzipMember(part)));
  expect(gunzipSync(Buffer.concat(members)).equals(Buffer.concat(parts))).toBe(true);
});
