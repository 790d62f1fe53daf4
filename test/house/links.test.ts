import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '@drover/dialects';
import { PROJECT } from '../support/built.js';
import { page } from './sources.js';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'clients/typescript/README.md',
  'clients/python/README.md',
  ...readdirSync(join(PROJECT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  ...DIALECTS.map(({ name }) => `libs/dialects/${name}/README.md`),
];

/** The files that a page links to, from the project's folder. Links to other sites and within the page are left out. */
const linksOf = (path: string): string[] =>
  [...page(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => join(dirname(path), link));

describe('the pages', () => {
  it.each(PAGES)('%s links to files that exist', (path) => {
    expect(linksOf(path).filter((link) => !existsSync(join(PROJECT, link)))).toEqual([]);
  });

  it('of the dialects are all in the index', () => {
    const rooms = linksOf('docs/dialects.md').filter((link) => link.startsWith('libs/dialects/'));
    expect(rooms.sort()).toEqual(DIALECTS.map(({ name }) => `libs/dialects/${name}/README.md`).sort());
  });
});
