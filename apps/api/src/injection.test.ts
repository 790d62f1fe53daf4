import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
/** `@Inject` with a class: its name has small letters. Tokens of what has no class are in capitals. */
const NAMES_A_CLASS = /@Inject\(\s*[A-Z]\w*[a-z]\w*\s*\)/g;

const sources = ['apps', 'libs']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  )
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.d.ts'));

describe('a constructor', () => {
  it('names a class that it needs by its type alone, for Nest reads the type', () => {
    const needless = sources.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(NAMES_A_CLASS)].map(([found]) => `${path}: ${found}`),
    );
    expect(needless).toEqual([]);
  });
});
