import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { sources } from './sources.js';

const ROOMS = join(PROJECT, 'libs/dialects');
const NAMES = readdirSync(ROOMS).filter((name) => existsSync(join(ROOMS, name, 'README.md')));

/** Files that still name a dialect, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'libs/store/src/migrations/1790000750000-keep-names-by-project.ts': 'A migration that was released stays as it is.',
  'libs/store/src/migrations/1790001071000-name-projects-of-0-1-0.ts': 'It mends rows that release 0.1.0 writes.',
};

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
const literal = new RegExp(`(['"\`])(?:${NAMES.join('|')})\\1`);

const naming = sources('libs', 'apps')
  .filter(({ path, text }) => !path.startsWith('libs/dialects/') && literal.test(withoutComments(text)))
  .map(({ path }) => path);

describe('the name of a dialect', () => {
  it('is read off the folders of libs/dialects', () => {
    expect(NAMES).toContain('hpc');
  });

  it('stands in no string of libs and apps outside libs/dialects, but for the exceptions', () => {
    expect(naming.toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
  });
});
