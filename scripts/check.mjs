// `npm run check`: the checks that a push is to pass, beside each other, in under a minute. Of the tests it runs those
// that read the sources alone (test/house).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install } from './lib/install.mjs';
import { root } from './lib/root.mjs';

const LIMIT_MS = 300_000;
const bin = (path) => join(root, 'node_modules', path);

/** Name and arguments of each check; `npm test` runs the same. */
export const CHECKS = {
  formatting: [bin('oxfmt/bin/oxfmt'), '--check'],
  boundaries: [
    bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    'apps',
    'libs',
    '--config',
    '.dependency-cruiser.cjs',
  ],
  types: [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
  'types of the console': [bin('typescript/bin/tsc'), '--noEmit', '-p', 'apps/web/tsconfig.json'],
  unused: [bin('knip/bin/knip.js'), '--no-progress', '--cache', '--cache-location', '.cache/knip'],
  words: [bin('vitest/vitest.mjs'), 'run', '--project=unit', 'test/house'],
  style: [bin('oxlint/bin/oxlint'), '--type-aware', 'apps', 'libs', 'test', 'bench'],
};

function run(name, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => resolve({ name, code: 1, said: error.message }));
    child.once('close', (code, signal) => resolve({ name, code: code ?? signal, said }));
  });
}

if (process.argv[1] === import.meta.filename) {
  await install({ dev: true });
  const began = performance.now();
  const results = await Promise.all(Object.entries(CHECKS).map(([name, args]) => run(name, args)));
  for (const { name, code, said } of results)
    console.log(code === 0 ? `- ${name}: fine` : `- ${name}: FAILED (${code})\n${said.trim()}\n`);
  console.log(`${Math.round((performance.now() - began) / 1000)} s`);
  process.exit(results.every(({ code }) => code === 0) ? 0 : 1);
}
