import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { page } from './sources.js';

const LARGEST_BYTES = 100 * 1024;

it('the README shows three pictures of the console, small files that npm run screenshots makes', () => {
  const shown = [...page('README.md').matchAll(/!\[[^\]]+\]\((docs\/images\/[^)]+)\)/g)].map(([, path = '']) => path);
  const made = [...page('scripts/screenshots.mjs').matchAll(/await picture\(.*, '([\w-]+)'\)/g)];
  expect(shown.length).toBe(3);
  expect(made.map(([, name]) => `docs/images/${name}.webp`).sort()).toEqual([...shown].sort());
  for (const path of shown) expect(statSync(join(PROJECT, path)).size, path).toBeLessThan(LARGEST_BYTES);
});
