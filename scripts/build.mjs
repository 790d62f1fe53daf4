// Builds `dist` when it is not what the sources say. `node scripts/build.mjs [--force] [--quick]`
// Quick compiles only, as `npm start` needs it: no type check, no new metadata.ts, no packages for development.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './lib/bundle.mjs';
import { buildConsole, CONSOLE, CONSOLE_OUTPUT } from './lib/console.mjs';
import { runNeededScripts } from './lib/install-scripts.mjs';
import { root } from './lib/root.mjs';
import { buildSite, siteSources } from './lib/site.mjs';

const INPUTS = ['apps', 'libs', 'bench'];
const SETTINGS = [
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/lib/bundle.mjs',
  'scripts/lib/console.mjs',
];
/** The files of Swagger UI that the page of the API's documentation loads (libs/http/src/docs-page.ts). */
const SWAGGER_UI = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js', 'favicon-32x32.png'];
const LOCK_PATIENCE_MS = 300_000;

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

function sources() {
  return INPUTS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => [...filesBelow(join(root, folder))])
    .filter(
      (path) => !path.endsWith('.test.ts') && !path.endsWith('.md') && !/\/libs\/dialects\/[^/]+\/test\//.test(path),
    )
    .sort();
}

/** The console has a compiler of its own. */
const isOfConsole = (path) => path.startsWith(`${CONSOLE}/`);

/** The inputs of a build: each source and setting on a line, behind the hash of its text. */
function fingerprint() {
  return [...sources(), ...SETTINGS.map((name) => join(root, name)).filter(existsSync)]
    .map((path) => `${createHash('sha256').update(readFileSync(path)).digest('hex')} ${relative(root, path)}`)
    .join('\n');
}

const stampPath = join(root, 'dist', '.stamp');
const stamp = () => (existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '');

/** The folders and files that a build reads, from the project's folder: whoever copies them can build elsewhere. */
export const buildSources = () => [...INPUTS, ...SETTINGS, ...siteSources()];

/** Whether `dist` was built from the sources as they are now. */
export function isBuilt() {
  return stamp() === fingerprint();
}

/** Brings `dist` up to date. True: something was done. Throws with the compiler's output. */
export async function build({ force = false, quick = false, show = false } = {}) {
  const unlock = await lock();
  try {
    // A build could not run without them: also after an `npm ci` by hand.
    runNeededScripts({ say: console.error });
    dropStaleMetadata();
    await buildSite();
    const wanted = fingerprint();
    const built = stamp();
    if (!force && built === wanted) return false;
    rmSync(stampPath, { force: true });
    removeOrphans();
    // In a process of its own, beside the compiler.
    const consoleBuilt = buildConsole({ force });
    // Awaited below: a failure of the compiler comes first then.
    consoleBuilt.catch(() => undefined);
    if (quick) await compile(force ? new Set() : sameIn(built, wanted));
    else buildWithNest(show);
    copyAssets();
    await bundle();
    await consoleBuilt;
    // The build may have written metadata.ts: the stamp is of what it left.
    writeFileSync(stampPath, quick ? wanted : fingerprint());
    return true;
  } finally {
    unlock();
  }
}

/**
 * The file metadata.ts, which the last full build wrote, names sources. Where one of them is gone it would not compile:
 * the next full build writes it anew.
 */
function dropStaleMetadata() {
  const path = join(root, 'apps/api/src/metadata.ts');
  if (!existsSync(path)) return;
  const imports = readFileSync(path, 'utf8').matchAll(/import\("(\.[^"]+)\.js"\)/g);
  if ([...imports].some(([, file]) => !existsSync(join(dirname(path), `${file}.ts`))))
    writeFileSync(path, "export default async () => ({ '@nestjs/swagger': { models: [], controllers: [] } });\n");
}

/** Type check, the API's metadata.ts for its OpenAPI document, and the same compilation as `compile`. */
function buildWithNest(show) {
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const missing = [nest, join(root, 'node_modules', 'typescript', 'package.json')].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new Error(
      'drover: The packages for building are not installed (`npm start` installs only those for running): run `npm ci`, then `npm run build` again.',
    );
  }
  const result = spawnSync(process.execPath, [nest, 'build', 'api'], {
    cwd: root,
    encoding: 'utf8',
    stdio: show ? 'inherit' : 'pipe',
    timeout: 300_000,
  });
  if (result.status !== 0) throw new Error(`The build failed.\n${result.stdout ?? ''}${result.stderr ?? ''}`);
}

/** Paths of the sources that are the same in both fingerprints. None where a setting differs. */
function sameIn(before, now) {
  const known = new Set(before.split('\n'));
  const same = now.split('\n').filter((line) => known.has(line));
  const paths = new Set(same.map((line) => line.slice(line.indexOf(' ') + 1)));
  return SETTINGS.every((name) => paths.has(name)) ? paths : new Set();
}

/**
 * With the options the Nest CLI gives to SWC, so that both builds are the same to the byte. Each file is compiled by
 * itself: those of the last build that are the same still are left as they are.
 */
async function compile(same) {
  const { transformFile } = await import('@swc/core');
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const options = {
    swcrc: false,
    cwd: root,
    sourceMaps: false,
    module: { type: 'es6', resolveFully: true },
    jsc: {
      target: 'es2021',
      parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
      baseUrl: root,
      paths: compilerOptions.paths,
      experimental: { keepImportAttributes: true },
    },
  };
  const targetOf = (path) => join(root, 'dist', relative(root, path)).replace(/\.ts$/, '.js');
  const files = sources()
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !isOfConsole(path))
    .filter((path) => !same.has(relative(root, path)) || !existsSync(targetOf(path)));
  await Promise.all(
    files.map(async (path) => {
      const { code } = await transformFile(path, options);
      const target = targetOf(path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }),
  );
}

/** Removes files of dist whose source is gone, so that no import finds them. */
function removeOrphans() {
  for (const folder of INPUTS.map((name) => join(root, 'dist', name)).filter(existsSync)) {
    for (const path of filesBelow(folder)) {
      if (path.startsWith(`${CONSOLE_OUTPUT}/`)) continue;
      const source = join(root, relative(join(root, 'dist'), path));
      const known = existsSync(source) || existsSync(source.replace(/\.(js|js\.map|d\.ts)$/, '.ts'));
      if (!known) rmSync(path);
    }
  }
}

/** Files the compiler does not know (pages, SQL) go beside the code that reads them. */
function copyAssets() {
  for (const path of sources().filter((file) => !file.endsWith('.ts') && !isOfConsole(file))) {
    const target = join(root, 'dist', relative(root, path));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
  copySwaggerUi();
}

/** The package of Swagger UI has 12 MB, of which 1.6 MB are served: an installation does without the package. */
function copySwaggerUi() {
  const nest = createRequire(join(root, 'node_modules', '@nestjs', 'swagger', 'package.json'));
  const source = dirname(nest.resolve('swagger-ui-dist/package.json'));
  const target = join(root, 'dist', 'swagger-ui');
  rmSync(target, { recursive: true, force: true });
  for (const name of SWAGGER_UI) cpSync(join(source, name), join(target, name));
}

/** One build at a time in a tree: a second one waits, then usually finds the work done. */
async function lock() {
  const path = join(root, 'dist', '.building');
  mkdirSync(dirname(path), { recursive: true });
  const end = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isStale(path)) rmSync(path, { force: true });
      else if (Date.now() > end) throw new Error(`Another build holds ${path}; remove it if there is none.`);
      else await new Promise((done) => setTimeout(done, 100));
    }
  }
}

function isStale(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return pid === 0 && Date.now() - statSync(path).mtimeMs > 5_000;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await build({ force: process.argv.includes('--force'), quick: process.argv.includes('--quick'), show: true });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
