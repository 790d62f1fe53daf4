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

const withoutCode = (text: string): string => text.replaceAll(/^(```|~~~)[^]*?^\1/gm, '');

/** The files that a page links to, from the project's folder, with headings in them. Other sites are left out. */
const targetsOf = (path: string): { file: string; heading: string | null }[] =>
  [...withoutCode(page(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', heading = null] = link.split('#', 2);
      return { file: file === '' ? path : join(dirname(path), file), heading };
    });
const linksOf = (path: string): string[] => targetsOf(path).map(({ file }) => file);

/** The names of a page's headings, as forges and scripts/lib/site.mjs make them. */
function headingsOf(path: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, text = ''] of withoutCode(page(path)).matchAll(/^#{1,6} (.+)$/gm)) {
    const name = text
      .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let unique = name;
    for (let at = 1; names.has(unique); at += 1) unique = `${name}-${at}`;
    names.add(unique);
  }
  return names;
}

describe('the pages', () => {
  it.each(PAGES)('%s links to files that exist', (path) => {
    expect(linksOf(path).filter((link) => !existsSync(join(PROJECT, link)))).toEqual([]);
  });

  it('of the list at the side of the manual all exist', () => {
    const [, list = ''] = /^const NAVIGATION = \[$(.*?)^\];$/ms.exec(page('scripts/lib/site.mjs')) ?? [];
    const named = [...list.matchAll(/'([^']+\.md)'/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });

  it.each(PAGES)('%s links to headings that are there', (path) => {
    const lost = targetsOf(path).filter(
      ({ file, heading }) => heading !== null && file.endsWith('.md') && !headingsOf(file).has(heading),
    );
    expect(lost).toEqual([]);
  });

  it('of the dialects are all in the index', () => {
    const rooms = linksOf('docs/dialects.md').filter((link) => link.startsWith('libs/dialects/'));
    expect(rooms.sort()).toEqual(DIALECTS.map(({ name }) => `libs/dialects/${name}/README.md`).sort());
  });
});
