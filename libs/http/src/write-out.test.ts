import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inBuffers } from './write-out.js';

async function* parts(texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

it('gathers small texts to larger pieces, and loses none', async () => {
  const texts = Array.from({ length: 10_000 }, (_, n) => `line ${n}\n`);
  const pieces: Buffer[] = [];
  for await (const piece of inBuffers(parts(texts))) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe(texts.join(''));
  expect(pieces.length).toBeLessThan(10);
});

it('gives nothing for nothing', async () => {
  for await (const piece of inBuffers(parts(['', '']))) expect.fail(`a piece of ${piece.length} bytes`);
});

it('is the one place that waits for slow clients: every answer that is written piece by piece goes through it', () => {
  const root = join(import.meta.dirname, '../../..');
  const waiting = ['apps/api/src', 'libs/http', 'libs/dialects']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter(
      (file) => /(?<!\.test|metadata)\.ts$/.test(file) && /['"]drain['"]/.test(readFileSync(join(root, file), 'utf8')),
    );
  expect(waiting).toEqual(['libs/http/src/write-out.ts']);
});
