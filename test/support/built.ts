import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project's folder. */
export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Brings `dist` up to date, without a type check (that is a step of `npm test` of its own). */
export async function buildOnce(): Promise<void> {
  if (!existsSync(join(PROJECT, 'apps/api/src/main.ts'))) return;
  await promisify(execFile)(process.execPath, [join(PROJECT, 'scripts/build.mjs'), '--quick'], {
    cwd: PROJECT,
    timeout: 300_000,
  });
}

/** Path of a built program: `api`, `worker` or `cli`. */
export function program(app: 'api' | 'worker' | 'cli'): string {
  const path = join(PROJECT, 'dist/apps', app, 'src/main.js');
  if (!existsSync(path)) throw new Error(`${path} is not built; run npm run build`);
  return path;
}
