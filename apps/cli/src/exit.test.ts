import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXIT_CODES } from './exit.js';

it('documents every exit code in docs/command-line.md with the words of --help', () => {
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([\dn+]+)` \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
  expect(rows).toEqual(EXIT_CODES);
});
