import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from './built.js';

const PARTS = [
  'apps',
  'libs',
  'scripts',
  'bin',
  'deploy',
  'dist',
  'bench',
  'docs',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/**
 * The project as a clone of it would be, already built, in a folder of its own below the temporary one. `modules`:
 * `link` shares node_modules; `copy` makes them reachable for every user, wherever the project is.
 */
export function copyTree(modules: 'link' | 'copy'): string {
  const tree = mkdtempSync(join(tmpdir(), 'drover-tree-'));
  chmodSync(tree, 0o755);
  for (const part of PARTS.filter((name) => existsSync(join(PROJECT, name))))
    cpSync(join(PROJECT, part), join(tree, part), { recursive: true });
  const source = join(PROJECT, 'node_modules');
  if (modules === 'link') symlinkSync(source, join(tree, 'node_modules'));
  else copyModules(`${source}/.`, join(tree, 'node_modules'));
  return tree;
}

/** By hard links where both are on one file system: half a gigabyte in a moment. */
function copyModules(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore', timeout: 120_000 });
  } catch {
    execFileSync('cp', ['-a', from, to], { timeout: 300_000 });
  }
}
