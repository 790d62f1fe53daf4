import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { NpmStart } from '../support/npm-start.js';
import { installPackage, pack, readJson } from '../support/package.js';
import { freePorts } from '../support/ports.js';
import { processesWith } from '../support/processes.js';
import { copyTree } from '../support/tree-copy.js';

/** Programs of the package that are started by their path. */
const ENTRIES = [
  ...['api', 'worker', 'cli'].map((name) => `dist/programs/${name}.js`),
  'dist/apps/worker/src/artifact-search.js',
  'dist/libs/live/src/search-thread.js',
  'dist/libs/executor/src/supervisor/main.js',
  'dist/libs/executor/src/container/main.js',
];

let tree: string;
let folder: string;
let home: string;
let files: string[];
let started: NpmStart | undefined;

beforeAll(() => {
  tree = copyTree('link');
  folder = mkdtempSync(join(tmpdir(), 'drover-package-'));
  const tarball = pack(tree);
  files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));
  home = installPackage(tarball, folder);
}, 180_000);

afterAll(async () => {
  if (started?.running) started.child.kill('SIGTERM');
  await started?.exited;
  for (const path of [tree, folder]) rmSync(path, { recursive: true, force: true });
});

/** The packages that a file and the files it imports load. */
function loadedBy(entries: string[]): Set<string> {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const walk = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const source = readFileSync(path, 'utf8');
    for (const [, name = ''] of source.matchAll(
      /(?:\bfrom|\bimport|\bimport\(|\brequire\(|\.resolve\()\s*["']([^"'\n]+)["']/g,
    )) {
      if (name.startsWith('.')) {
        const next = resolve(dirname(path), name);
        if (next.endsWith('.js') && existsSync(next)) walk(next);
      } else packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    }
  };
  for (const entry of entries) walk(entry);
  return packages;
}

describe('the package that npm makes', { timeout: 180_000 }, () => {
  it('holds what runs, and neither sources, tests nor maps', () => {
    expect(files).toEqual(
      expect.arrayContaining(['bin/drover.mjs', 'dist/apps/web/index.html', 'LICENSE', 'README.md']),
    );
    expect(files).toEqual(expect.arrayContaining(ENTRIES));
    // The pages of the manual send an operator to these.
    expect(files).toEqual(
      expect.arrayContaining([
        'deploy/prometheus/rules.yml',
        'deploy/prometheus/discovery.yml',
        'deploy/grafana/dashboards/overview.json',
        'deploy/helm/drover/Chart.yaml',
        'deploy/make-certificates.sh',
        'deploy/point-in-time.sh',
      ]),
    );
    expect(files.filter((name) => /\.(ts|tsx|map)$|\.test\.m?js$|^(apps|libs|test|bench|docs)\//.test(name))).toEqual(
      [],
    );
  });

  it('depends on the packages that its programs load, at the version of the lock, and on no other', () => {
    const known = readJson(join(PROJECT, 'package.json'));
    const manifest = readJson(join(home, 'package.json'));
    const loaded = loadedBy(ENTRIES.map((name) => join(home, name)));
    const wanted = Object.keys(known.dependencies).filter((name) => loaded.has(name));
    expect(Object.keys(manifest.dependencies).sort()).toEqual(wanted.sort());
    for (const [name, version] of Object.entries(manifest.dependencies)) expect(known.dependencies[name]).toBe(version);
    for (const field of ['private', 'scripts', 'devDependencies', 'overrides'])
      expect(manifest, field).not.toHaveProperty(field);
    const { packages } = readJson<{ packages: Record<string, { dev?: boolean }> }>(join(home, 'npm-shrinkwrap.json'));
    expect(Object.entries(packages).filter(([, { dev }]) => dev)).toEqual([]);
  });

  it('leaves the folder that it was made in as it was', () => {
    expect(readFileSync(join(tree, 'package.json'), 'utf8')).toBe(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    expect(existsSync(join(tree, 'npm-shrinkwrap.json'))).toBe(false);
  });

  it('runs a first job, the command line and the pages where it is installed alone, and stops at Ctrl-C', async () => {
    const [port = 0] = await freePorts(1);
    const env = { DROVER_PORT: String(port) };
    const start = new NpmStart({ tree: folder, env, command: ['npx', '--no-install', 'drover', 'up'] });
    started = start;
    await start.says('Press Ctrl-C to stop.');
    expect(start.output).toContain('Line 3 of 3');
    const said = execFileSync(
      'npx',
      ['--no-install', 'drover', 'run', '--', 'sh', '-c', 'echo one; printf two > two.txt'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: folder, ...env },
        timeout: 60_000,
      },
    );
    expect(said).toBe('one\n');
    for (const path of ['/ui/', '/manual/', '/docs', '/docs/swagger-ui-bundle.js', '/look/pages.css', '/topology.html'])
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status, path).toBe(200);
    start.ctrlC();
    expect(await start.exited).toBe('in order');
    await expectEventually(() => expect(processesWith(folder)).toEqual([]), { withinMs: 30_000 });
  });
});
