import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { page, sources } from './sources.js';

interface Rule {
  name: string;
}

const require = createRequire(import.meta.url);
const { forbidden } = require(join(PROJECT, '.dependency-cruiser.cjs')) as { forbidden: Rule[] };
const ruled = forbidden.flatMap(({ name }) =>
  name.startsWith('only-') && name !== 'only-dialects-know-dialects' ? [name.slice(5)] : [],
);

/** Packages that are no technology of one place: words of the language, as it were. */
const EVERYWHERE = ['uuid', 'reflect-metadata'];
/** `npm start` alone uses them, to compile and to bundle. */
const BUILDERS = ['@swc/core', 'markdown-it', 'markdown-it-anchor', 'rolldown', 'vite'];
/** Packages of the list that are written by their family. */
const family = (name: string): string =>
  /^@(nestjs|aws-sdk|base-ui|opentelemetry|tanstack)\//.test(name) ? name.slice(0, name.indexOf('/')) : name;

describe('the boundaries', () => {
  it('have a rule for each package that API, worker or CLI run with', () => {
    const { dependencies } = JSON.parse(page('package.json')) as { dependencies: Record<string, string> };
    const needed = [...new Set(Object.keys(dependencies).map(family))];
    expect(needed.filter((name) => ![...EVERYWHERE, ...BUILDERS].includes(name)).sort()).toEqual(
      ruled.filter((name) => name !== 'child_process').sort(),
    );
  });

  it('are those of the table in docs/architecture.md', () => {
    const table = page('docs/architecture.md').split('| technology |')[1]?.split('\n\n')[0] ?? '';
    const named = table
      .split('\n')
      .slice(2)
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual([...ruled, 'process.env'].sort());
  });

  it('let nothing but libs/config read the environment of the process, and the client for programs of others', () => {
    const readers = sources('apps', 'libs').filter(({ text }) =>
      /\bprocess\s*(\??\.env\b|\[['"]env)|\benv\b[^;]*\} = process\b|import \{[^}]*\benv\b[^}]*\} from 'node:process'/.test(
        text,
      ),
    );
    expect(readers.map(({ path }) => path).filter((path) => !path.startsWith('libs/config/'))).toEqual([
      'libs/client/src/environment.ts',
    ]);
    expect(readers.length).toBeGreaterThan(0);
  });
});
