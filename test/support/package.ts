import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROJECT } from './built.js';

/** A package.json, or the lock of a package, as far as tests read it. */
export interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

export const readJson = <T = Manifest>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

/** Packs a tree (`npm run pack`) and gives the path of the package. */
export function pack(tree: string): string {
  const said = execFileSync(
    'npm',
    ['run', '--silent', 'pack', '--', '--loglevel=error', '--foreground-scripts=false'],
    {
      cwd: tree,
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  return join(tree, said.trim().split('\n').at(-1) ?? '');
}

/**
 * Installs a package into an empty folder as npm does it: the packages of its lock and no others. They come from the
 * project's own node_modules, so that no network is needed.
 */
export function installPackage(tarball: string, folder: string): string {
  const modules = join(folder, 'node_modules');
  const home = join(modules, 'drover');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', home, '--strip-components=1'], { timeout: 60_000 });
  const { packages } = readJson<{ packages: Record<string, { optional?: boolean }> }>(
    join(home, 'npm-shrinkwrap.json'),
  );
  // A package below another one comes with it.
  const places = Object.keys(packages).filter(
    (place) => place !== '' && !/node_modules\/.*\/node_modules\//.test(place),
  );
  for (const place of places) {
    const source = join(PROJECT, place);
    if (!existsSync(source) && packages[place]?.optional) continue;
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    link(source, join(folder, place));
  }
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../drover/bin/drover.mjs', join(modules, '.bin/drover'));
  return home;
}

/** Copies by hard links where both places are on one file system. */
function link(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore', timeout: 60_000 });
  } catch {
    execFileSync('cp', ['-a', from, to], { timeout: 120_000 });
  }
}
