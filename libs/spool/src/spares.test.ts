import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Spares } from './spares.js';

let root: string;
let now = 0;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spares-'));
  now = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

function used(name: string): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'work'), { recursive: true, mode: 0o700 });
  chmodSync(join(folder, 'work'), 0o700);
  writeFileSync(join(folder, 'stdout'), 'old output');
  writeFileSync(join(folder, 'stderr'), '');
  return folder;
}

it('gives a folder again with empty files, but only after its quarantine', () => {
  const spares = new Spares(join(root, 'spare'), () => now);
  expect(spares.keep(used('a'))).toBe(true);
  expect(existsSync(join(root, 'a'))).toBe(false);
  expect(spares.take(join(root, 'b'))).toBe(false);
  now = 5_000;
  expect(spares.take(join(root, 'b'))).toBe(true);
  expect(readdirSync(join(root, 'b')).toSorted()).toEqual(['stderr', 'stdout', 'work']);
  expect(statSync(join(root, 'b/stdout')).size).toBe(0);
  expect(spares.take(join(root, 'c'))).toBe(false);
});

it.each([
  ['a file in the working directory', (folder: string) => writeFileSync(join(folder, 'work/left'), '')],
  ['a file beside it', (folder: string) => writeFileSync(join(folder, 'exit.json'), '')],
  ['a working directory with another mode', (folder: string) => chmodSync(join(folder, 'work'), 0o777)],
  ['no working directory', (folder: string) => rmSync(join(folder, 'work'), { recursive: true })],
  [
    'a working directory that is a link',
    (folder: string) => {
      rmSync(join(folder, 'work'), { recursive: true });
      symlinkSync('/tmp', join(folder, 'work'));
    },
  ],
  [
    'an output file that is a link',
    (folder: string) => {
      rmSync(join(folder, 'stdout'));
      symlinkSync('/dev/null', join(folder, 'stdout'));
    },
  ],
  ['an output file with a second name', (folder: string) => linkSync(join(folder, 'stdout'), join(root, 'second'))],
])('never gives out a folder with %s', (_name, spoil) => {
  const spares = new Spares(join(root, 'spare'), () => now);
  const folder = used('a');
  spoil(folder);
  expect(spares.keep(folder)).toBe(false);
});

it('forgets the folders of a former life', () => {
  new Spares(join(root, 'spare'), () => now).keep(used('a'));
  now = 10_000;
  expect(new Spares(join(root, 'spare'), () => now).take(join(root, 'b'))).toBe(false);
  expect(readdirSync(join(root, 'spare'))).toEqual([]);
});
