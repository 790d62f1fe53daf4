import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutAt } from './checkout.js';

let folder = '';
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  const scripts = { api: 'node --some-flag dist/apps/api/src/main.js', worker: 'node dist/apps/worker/src/main.js' };
  put('package.json', JSON.stringify({ scripts }));
  put('dist/apps/api/src/main.js', '');
  put('dist/apps/worker/src/main.js', '');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a checkout to measure', () => {
  it('is started with the flags of its own package.json', () => {
    put('scripts/build.mjs', 'export const isBuilt = () => true;');
    const main = (name: string): string => join(folder, `dist/apps/${name}/src/main.js`);
    expect(checkoutAt(folder).program('api')).toEqual(['--some-flag', main('api')]);
    expect(checkoutAt(folder).program('worker')).toEqual([main('worker')]);
  });

  it('is refused where its build is not the one of its sources', () => {
    put('scripts/build.mjs', 'export const isBuilt = () => false;');
    expect(() => checkoutAt(folder)).toThrow('is not what its sources say: run `npm run build` there first');
  });
});
