// Builds the console (apps/web) into `dist/apps/web`: scripts that browsers run, their styles, and packed forms of
// both. As a program (`node scripts/lib/console.mjs`) it builds; `buildConsole` starts it where something has changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { root } from './root.mjs';

/** The folder of the sources. */
export const CONSOLE = join(root, 'apps', 'web');
/** The folder of what is served. */
export const CONSOLE_OUTPUT = join(root, 'dist', 'apps', 'web');
const STAMP = join(root, 'dist', '.console-stamp');
const LIMIT_MS = 120_000;
/** Files below this many bytes are not worth packing. */
const SMALL = 512;

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function fingerprint() {
  const hash = createHash('sha256');
  const inputs = filesOf(CONSOLE).filter((path) => !/\.test\.tsx?$|\.md$/.test(path));
  for (const path of [...inputs, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)])
    if (existsSync(path)) hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** Builds the console when it is not what its sources say. Throws with what the builder said. */
export async function buildConsole({ force = false } = {}) {
  if (!existsSync(join(CONSOLE, 'index.html'))) return;
  const wanted = fingerprint();
  const built = existsSync(STAMP) && existsSync(CONSOLE_OUTPUT) ? readFileSync(STAMP, 'utf8') : '';
  if (!force && built === wanted) return;
  for (const name of ['vite', 'react', 'react-router'])
    if (!existsSync(join(root, 'node_modules', name)))
      throw new Error(
        `drover: The packages of the console are not installed (${name} is missing): run \`npm ci\`, then \`npm run build\` again.`,
      );
  rmSync(STAMP, { force: true });
  await run();
  writeFileSync(STAMP, wanted);
}

/** In a process of its own: what the builder loads would stay in the memory of `npm start`. */
function run() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      // Packages have another form for those who develop them: whoever builds, the console has this one.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    let said = '';
    const keep = (chunk) => (said = (said + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`The build of the console failed (${code ?? signal}).\n${said.trim()}`)),
    );
  });
}

/** No file is put into another one as data, and no script is written into the page: the console's policy refuses both. */
async function compile() {
  const { build } = await import('vite');
  await build({
    root: CONSOLE,
    configFile: false,
    envDir: false,
    mode: 'production',
    base: '/ui/',
    resolve: { alias: { '@drover/client': join(root, 'libs/client/src/index.ts') } },
    logLevel: 'warn',
    publicDir: join(CONSOLE, 'public'),
    build: {
      outDir: CONSOLE_OUTPUT,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // Packages say `use client` for servers that render; there is none.
      rolldownOptions: { checks: { moduleLevelDirective: false } },
    },
  });
}

/** Packs once what would be packed for every browser: the API sends these bytes as they are. */
async function pack() {
  await Promise.all(
    filesOf(CONSOLE_OUTPUT)
      .filter((path) => /\.(html|js|css|svg|json)$/.test(path))
      .map(async (path) => {
        const bytes = await readFile(path);
        if (bytes.length < SMALL) return;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        await Promise.all([
          promisify(brotliCompress)(bytes, { params }).then((packed) => writeFile(`${path}.br`, packed)),
          promisify(gzip)(bytes, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
        ]);
      }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await compile();
  await pack();
}
