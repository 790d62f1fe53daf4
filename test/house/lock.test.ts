import { expect, it } from 'vitest';
import { page } from './sources.js';

interface Entry {
  link?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** Names that a package asks for and npm must install. */
function needs(entry: Entry, root: boolean): string[] {
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (name) => entry.peerDependenciesMeta?.[name]?.optional !== true,
  );
  return [
    ...Object.keys(entry.dependencies ?? {}),
    ...(root ? Object.keys(entry.devDependencies ?? {}) : []),
    ...peers,
  ];
}

/** Folders in which Node looks for what the package at `path` imports, nearest first. */
function folders(path: string): string[] {
  const parts = path === '' ? [] : path.split('/node_modules/');
  const nested = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules`);
  return [...nested, 'node_modules'];
}

it('package-lock.json holds every package that another one needs, peers among them: `npm ci` refuses it otherwise', () => {
  const lock = JSON.parse(page('package-lock.json')) as {
    packages: Record<string, Entry>;
  };
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    needs(entry, path === '')
      .filter((name) => !folders(path).some((folder) => `${folder}/${name}` in lock.packages))
      .map((name) => `${path || 'package.json'} needs ${name}: run \`npm install --package-lock-only\``),
  );
  expect(missing).toEqual([]);
});
