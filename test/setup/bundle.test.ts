import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';

let tree: string;

/** A tree without what the bundles were made of. */
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'drover-bundle-'));
  const parts = [
    'package.json',
    'dist/programs',
    ...['api', 'worker', 'cli'].map((app) => `dist/apps/${app}/src/main.js`),
  ];
  for (const part of parts) cpSync(join(PROJECT, part), join(tree, part), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(tree, 'node_modules'));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

function runFile(path: string, ...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env['PATH'], DROVER_PORT: 'none', DROVER_DATA_DIR: join(tree, 'data') },
  });
  return { status, said: stdout + stderr };
}
const run = (app: 'api' | 'worker' | 'cli', ...args: string[]): ReturnType<typeof runFile> =>
  runFile(join(tree, `dist/apps/${app}/src/main.js`), ...args);

describe('the bundles', () => {
  it.each(['api', 'worker'] as const)('hold all of the program %s', (app) => {
    const { status, said } = run(app);
    expect(said).toContain('DROVER_PORT=none');
    expect(said).not.toMatch(/ERR_MODULE_NOT_FOUND|\n\s+at /);
    expect(status).toBe(1);
  });

  it.each(['api', 'worker'] as const)('have the program %s in single files beside them, for a debugger', (app) => {
    const { status, said } = runFile(join(PROJECT, `dist/apps/${app}/src/program.js`));
    expect(said).toContain('DROVER_PORT=none');
    expect(said).not.toMatch(/ERR_MODULE_NOT_FOUND|\n\s+at /);
    expect(status).toBe(1);
  });

  it('hold all of the command line', () => {
    const { status, said } = run('cli', '--help');
    expect(said).toContain('A queue-backed job broker with worker agents');
    expect(status).toBe(0);
  });

  it('print the version of the package with --version', () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string };
    expect(run('cli', '--version')).toEqual({ status: 0, said: `${version}\n` });
  });

  it('hold no character for which V8 would keep them with two bytes a character', () => {
    const folder = join(PROJECT, 'dist/programs');
    const wide = readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .filter((name) => /[^\0-\xff]/.test(readFileSync(join(folder, name), 'utf8')));
    expect(wide).toEqual([]);
  });

  it('say by their maps from which file each line is', () => {
    const folder = join(PROJECT, 'dist/programs');
    const maps = readdirSync(folder).filter((name) => name.endsWith('.js.map'));
    const sources = maps.flatMap((name) => {
      const { sources: paths } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { sources: string[] };
      return paths.map((path) => relative(PROJECT, resolve(folder, path)));
    });
    expect(sources).toContain('dist/libs/jobs/src/submit.service.js');
    expect(sources).toContain('dist/apps/api/src/start-api.js');
  });
});
