import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** A built checkout of Drover: what is known of it is what its users know. */
export interface Checkout {
  folder: string;
  /** The name of its folder and its commit, as a side of a figure. */
  name: string;
  /** The environment of a program, as its `package.json` starts it. */
  environment(name: 'api' | 'worker'): Record<string, string>;
  /** Arguments of Node for a program, as its `package.json` starts it. */
  program(name: 'api' | 'worker'): string[];
}

/** @throws an Error with the remedy where nothing is built */
export function checkoutAt(path: string): Checkout {
  const folder = resolve(path);
  const missing = ['package.json', 'dist/apps/api/src/main.js', 'dist/apps/worker/src/main.js'].find(
    (file) => !existsSync(join(folder, file)),
  );
  if (missing !== undefined)
    throw new Error(`${join(folder, missing)} is missing: run \`npm ci && npm run build\` in ${folder} first.`);
  if (isStale(folder))
    throw new Error(`What is built in ${folder} is not what its sources say: run \`npm run build\` there first.`);
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return {
    folder,
    name: `${basename(folder)} ${commitOf(folder)}`.trim(),
    environment: (name) => Object.fromEntries(settingsBefore(scripts[name] ?? '')),
    program: (name) => {
      const args = (scripts[name] ?? '').split(' ');
      const main = `dist/apps/${name}/src/main.js`;
      return [...args.filter((arg) => arg.startsWith('-')), join(folder, main)];
    },
  };
}

/** The words `NAME=value` before the command of a script. */
function settingsBefore(script: string): [string, string][] {
  const words = script.split(' ');
  return words
    .slice(0, words.indexOf('node'))
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
}

/** An old build would be measured under the name of a new commit. */
function isStale(folder: string): boolean {
  const script = "const { isBuilt } = await import('./scripts/build.mjs'); process.exit(isBuilt() ? 0 : 3);";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  return status === 3;
}

/** The commit in short, with a `+` where the tree differs from it. */
export function commitOf(folder: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+');
  } catch {
    return '';
  }
}
