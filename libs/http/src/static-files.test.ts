import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isKnown, StaticFiles } from './static-files.js';

const folder = mkdtempSync(join(tmpdir(), 'drover-static-'));
mkdirSync(join(folder, 'assets'));
for (const [name, text] of [
  ['index.html', '<!doctype html>'],
  ['assets/a.js', 'plain'],
  ['assets/a.js.gz', 'gz'],
  ['assets/a.js.br', 'br'],
  ['assets/secret.key', 'no kind of file that is served'],
])
  writeFileSync(join(folder, name as string), text as string);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = new StaticFiles(folder);

describe('the files of a folder', () => {
  it.each([
    [undefined, 'plain'],
    ['gzip', 'gz'],
    ['gzip, br', 'br'],
    ['br;q=0, gzip', 'gz'],
    ['*', 'br'],
    ['identity', 'plain'],
    ['gzip;q=0', 'plain'],
  ])('go out for Accept-Encoding %s as %s', async (encoding, text) => {
    const answer = files.answer('assets/a.js', encoding === undefined ? {} : { 'accept-encoding': encoding });
    expect((await answer?.body())?.toString()).toBe(text);
    expect(answer?.headers['Vary']).toBe('Accept-Encoding');
  });

  it('have a tag for each form, by which a browser asks whether it has them', () => {
    const plain = files.answer('assets/a.js', {})?.headers['ETag'] as string;
    const packed = files.answer('assets/a.js', { 'accept-encoding': 'br' })?.headers['ETag'] as string;
    expect(plain).not.toBe(packed);
    expect(isKnown({ 'if-none-match': `"other", W/${plain}` }, plain)).toBe(true);
    expect(isKnown({ 'if-none-match': plain }, packed)).toBe(false);
    expect(isKnown({}, plain)).toBe(false);
  });

  it.each([
    '../package.json',
    'assets/../../x',
    '/etc/passwd',
    'assets',
    '',
    'assets/secret.key',
    'assets/a.js.br',
    '__proto__',
  ])('are those of the list alone: %j is none', (name) => {
    expect(files.answer(name, {})).toBeNull();
  });

  it('are none where the folder is not there', () => {
    expect(new StaticFiles(join(folder, 'nowhere')).has('index.html')).toBe(false);
  });
});
