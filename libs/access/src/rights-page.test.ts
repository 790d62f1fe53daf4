import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withGeneratedParts } from './rights-page.js';

const PAGE = new URL('../../../docs/security.md', import.meta.url);

it('finds the tables of docs/security.md as the code has them; `npm run docs` writes them', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toBe(withGeneratedParts(page));
});

it('writes what stands between the markers of a part, and leaves the rest', () => {
  const part = { name: 'x', text: () => 'new' };
  expect(withGeneratedParts('a\n<!-- generated: x -->\nold\n<!-- end: x -->\nb', [part])).toBe(
    'a\n<!-- generated: x -->\nnew\n<!-- end: x -->\nb',
  );
});

it('refuses a page that lost the markers of a part', () => {
  expect(() => withGeneratedParts('nothing', [{ name: 'x', text: () => '' }])).toThrow('has no part "x"');
});
