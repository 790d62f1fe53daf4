// Brings node_modules to what package-lock.json says, when it is not.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand, runNeededScripts } from './install-scripts.mjs';
import { root } from './root.mjs';

const HEARTBEAT_MS = 5_000;
const LIMIT_MS = 600_000;

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null);

/**
 * Why node_modules is not what the lock says; null when it is. `dev`: with what building and testing need beyond
 * running.
 */
function staleness({ dev }) {
  const wanted = read(join(root, 'package-lock.json'));
  if (wanted === null) return 'there is no package-lock.json';
  const present = read(join(root, 'node_modules', '.package-lock.json'));
  if (present === null) return 'nothing is installed';
  for (const [path, entry] of Object.entries(wanted)) {
    // Optional packages are those of other platforms; links are ours.
    if (path === '' || entry.optional || entry.devOptional || entry.link || (entry.dev && !dev)) continue;
    if (present[path]?.version !== entry.version)
      return `${path.replace('node_modules/', '')} ${entry.version} is missing`;
  }
  return null;
}

/**
 * Runs `npm ci` if needed, showing that it goes on, and of the packages' own scripts those that are needed: after an
 * `npm ci` by hand none has run. Throws with npm's last lines.
 */
export async function install({ dev, say = console.log }) {
  const installed = await installPackages({ dev, say });
  runNeededScripts({ say });
  return installed;
}

async function installPackages({ dev, say }) {
  const reason = staleness({ dev });
  if (reason === null) return false;
  say(`- Installing the packages of package-lock.json (${reason})`);
  const began = Date.now();
  const [command, ...args] = [
    ...npmCommand(),
    'ci',
    dev ? '--include=dev' : '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ];
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const beat = setInterval(() => say(`  still installing, ${seconds()} s`), HEARTBEAT_MS);
  let said = '';
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    const keep = (chunk) => (said = (said + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  clearInterval(beat);
  if (code !== 0) throw new Error(`npm ci failed (${code}):\n${said.trim()}`);
  say(`  installed in ${seconds()} s`);
  return true;
}
