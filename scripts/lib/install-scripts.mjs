// Packages with install scripts, and which of these run (install-scripts.json). npm runs none of them: .npmrc says
// `ignore-scripts`.
// As a program (`node scripts/lib/install-scripts.mjs`): runs those that are needed here. Plain Node: nothing may be
// installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root as project } from './root.mjs';

const LIMIT_MS = 600_000;

/** The facts that are known of each script: when it runs, and why. */
const INSTALL_SCRIPTS = JSON.parse(readFileSync(new URL('install-scripts.json', import.meta.url), 'utf8'));

/** The npm we were called by, or the one on the path. */
export const npmCommand = () =>
  process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];

/**
 * Whether the program of a package loads here. In a process of its own: one that was made for another machine may
 * crash it.
 */
function loads(folder) {
  const script = 'require("node-gyp-build")(process.argv[1])';
  return (
    spawnSync(process.execPath, ['-e', script, folder], { cwd: folder, stdio: 'ignore', timeout: LIMIT_MS }).status ===
    0
  );
}

/**
 * Notes what was seen to load, so that not every start tries it: of this version of the package and of Node. An
 * install removes it.
 */
const noteOf = (root) => join(root, 'node_modules', '.loads.json');
/** Nothing where there is no note, or one that another start is writing at this moment. */
function known(root) {
  try {
    return JSON.parse(readFileSync(noteOf(root), 'utf8'));
  } catch {
    return {};
  }
}

/** Packages whose script has to run on this machine before Drover works. */
function neededScripts(root = project) {
  const seen = known(root);
  const needed = [];
  for (const [name, { run }] of Object.entries(INSTALL_SCRIPTS)) {
    const folder = join(root, 'node_modules', name);
    if (run !== 'if-it-does-not-load' || !existsSync(folder)) continue;
    const stamp = `${JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version} ${process.versions.modules} ${process.platform}-${process.arch}`;
    if (seen[name] === stamp) continue;
    if (loads(folder)) seen[name] = stamp;
    else needed.push(name);
  }
  try {
    writeFileSync(noteOf(root), JSON.stringify(seen));
  } catch {
    // The folder is somebody else's: the next start tries again.
  }
  return needed;
}

/** Runs them. Throws with npm's last lines. */
export function runNeededScripts({ root = project, say = console.log } = {}) {
  const names = neededScripts(root);
  if (names.length === 0) return names;
  say(`- Compiling ${names.join(', ')}: the ready program does not load on this machine`);
  const [command, ...args] = [...npmCommand(), 'rebuild', '--ignore-scripts=false', '--foreground-scripts', ...names];
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  const said = (error?.message ?? `${stdout}${stderr}`).slice(-4_000).trim();
  if (status !== 0)
    throw new Error(
      `${names.join(', ')} could not be compiled; Python 3, make and a C++ compiler are needed:\n${said}`,
    );
  if (neededScripts(root).length > 0)
    throw new Error(`${names.join(', ')} does not load, although it was compiled here:\n${said}`);
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runNeededScripts();
