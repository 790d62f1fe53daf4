import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Versions of Node-API: the newest that Node 20 has, and NAPI_VERSION_EXPERIMENTAL. */
const [NODE_20, TRIED_OUT] = [9, 0x7fffffff];

/** The ready programs of the lock for this machine, but for those of packages for development. */
function readyPrograms(): string[] {
  const { packages } = json('package-lock.json') as { packages: Record<string, { dev?: boolean }> };
  const own = `${process.platform}-${process.arch}`;
  const places = Object.keys(packages).filter((place) => place !== '' && !packages[place]?.dev);
  return places
    .filter((place) => !/node_modules\/.*\/node_modules\//.test(place) && existsSync(join(PROJECT, place)))
    .flatMap((place) =>
      readdirSync(join(PROJECT, place), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.node') && !/musl|(^|\/)node_modules\//.test(file))
        .map((file) => join(place, file))
        .filter((file) => file.includes(own)),
    );
}

it('has ready programs that Node 20 takes', () => {
  const ask = `const koffi = require('koffi');
    const asked = 'int node_api_module_get_api_version_v1()';
    const versionOf = (path) => { try { return koffi.load(path).func(asked)(); } catch { return null; } };
    console.log(JSON.stringify(process.argv.slice(1).map((path) => [path, versionOf(path)])));`;
  const said = execFileSync(process.execPath, ['-e', ask, ...readyPrograms()], { cwd: PROJECT, encoding: 'utf8' });
  const versions = new Map(JSON.parse(said) as [string, number | null][]);
  expect([...versions.keys()].filter((path) => path.includes('/argon2/'))).toHaveLength(1);
  // Node 20 ends by a signal where one wants more. What does not say gets version 8, koffi what there is.
  const known = [...versions].filter(([, version]) => version !== null && version !== TRIED_OUT);
  expect(known.filter(([, version]) => Number(version) > NODE_20)).toEqual([]);
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
  // This one looks for programs in place of the real one: `program.cjs` kills its process until the script has run.
  const finder = join(tree, 'node_modules', 'node-gyp-build');
  mkdirSync(finder);
  writeFileSync(join(finder, 'index.js'), "module.exports = (folder) => require(folder + '/program.cjs');");
  writeFileSync(join(folder, 'program.cjs'), "process.kill(process.pid, 'SIGSEGV');");
  const described = (script: string): void =>
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'argon2', version: '0.44.0', scripts: { install: script } }),
    );
  writeFileSync(
    join(tree, 'package.json'),
    JSON.stringify({ name: 'tree', private: true, type: 'module', dependencies: { argon2: '0.44.0' } }),
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
