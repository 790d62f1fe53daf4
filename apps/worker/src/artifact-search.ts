/*
 * The search for artifacts, in a thread of its own: patterns and file names are the job's, and together they can keep a
 * glob matcher busy for hours ("*a*a*a*a*b" against a long name). Only this thread is lost to them, see artifacts.ts.
 */
import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { glob } from 'tinyglobby';

export interface Search {
  cwd: string;
  patterns: string[];
  /** Files at most. */
  most: number;
}

/** Files below `cwd` that match, as relative paths. Nothing outside of it, whatever the patterns or symbolic links say. */
async function find({ cwd, patterns, most }: Search): Promise<string[]> {
  const inside = patterns.filter((pattern) => !pattern.startsWith('/') && !pattern.split(/[\\/]/).includes('..'));
  if (inside.length === 0) return [];
  let root: string;
  try {
    root = realpathSync(cwd);
  } catch {
    return [];
  }
  const found = await glob(inside, {
    cwd: root,
    dot: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    expandDirectories: true,
  });
  return found
    .map((path) => relative(root, join(root, path)))
    .filter((path) => staysInside(root, path))
    .toSorted()
    .slice(0, most);
}

/** A link in the middle of a path, or the file itself being one, may lead anywhere. */
function staysInside(root: string, path: string): boolean {
  if (path === '' || path.startsWith('..')) return false;
  try {
    const real = realpathSync(join(root, path));
    return real.startsWith(root + sep);
  } catch {
    return false;
  }
}

parentPort?.postMessage(await find(workerData as Search));
