import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';

const json = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(PROJECT, path), 'utf8')) as Record<string, unknown>;
const listed = json('scripts/lib/install-scripts.json') as Record<string, { run: string; why: string }>;
const tree = mkdtempSync(join(tmpdir(), 'drover-scripts-'));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

it('lists every package of the lock that has an install script, with a reason', () => {
  const locked = Object.entries(json('package-lock.json')['packages'] as Record<string, { hasInstallScript?: boolean }>)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  expect(Object.keys(listed).sort()).toEqual([...new Set(locked)].sort());
  for (const [name, { run, why }] of Object.entries(listed)) {
    expect(['never', 'if-it-does-not-load'], name).toContain(run);
    expect(why, name).toMatch(/^It .{20,}\.$/);
  }
});

it('lets npm run no script of a package, nor @scarf/scarf report', () => {
  expect(readFileSync(join(PROJECT, '.npmrc'), 'utf8').split('\n')).toContain('ignore-scripts=true');
  expect(json('package.json')['scarfSettings']).toEqual({ enabled: false });
  const { stdout } = spawnSync('npm', ['config', 'get', 'ignore-scripts'], {
    cwd: PROJECT,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stdout.trim()).toBe('true');
});

it('runs the script of argon2 where its program does not load, once, and says so where that does not help', () => {
  cpSync(join(PROJECT, 'scripts'), join(tree, 'scripts'), { recursive: true });
  cpSync(join(PROJECT, '.npmrc'), join(tree, '.npmrc'));
  const folder = join(tree, 'node_modules', 'argon2');
  mkdirSync(folder, { recursive: true });
  // In the place of the one that looks for programs: loads `program.cjs`, which kills its process until the script has run.
  const finder = join(tree, 'node_modules', 'node-gyp-build');
  mkdirSync(finder);
  writeFileSync(join(finder, 'index.js'), "module.exports = (folder) => require(folder + '/program.cjs');");
  writeFileSync(join(folder, 'program.cjs'), "process.kill(process.pid, 'SIGSEGV');");
  const described = (script: string): void =>
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'argon2', version: '0.45.1', scripts: { install: script } }),
    );
  writeFileSync(
    join(tree, 'package.json'),
    JSON.stringify({ name: 'tree', private: true, type: 'module', dependencies: { argon2: '0.45.1' } }),
  );
  const run = (): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['scripts/lib/install-scripts.mjs'], { cwd: tree, encoding: 'utf8', timeout: 60_000 });
  described('true');
  expect(run().stderr).toContain('argon2 does not load, although it was compiled here');
  described('echo >> ran; echo > program.cjs');
  expect(run()).toMatchObject({
    status: 0,
    stdout: '- Compiling argon2: the ready program does not load on this machine\n',
  });
  expect(run()).toMatchObject({ status: 0, stdout: '' });
  expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('\n');
}, 60_000);
