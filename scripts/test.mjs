// `npm test`: installs what is missing, checks types, style, boundaries and generated files, then runs every test.
// `npm test -- <vitest arguments>` runs some of them. The last line is `N passed, N failed`.
import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { CHECKS } from './check.mjs';
import { install } from './lib/install.mjs';
import { stalePages } from './lib/pages.mjs';
import { root } from './lib/root.mjs';
import { ensureTools } from './lib/tools.mjs';

const STEP_MS = 600_000;
const TESTS_MS = 3_600_000;
const SHOWN_SKIPS = 30;
const failures = [];

function run(name, args, { show = false, limit = STEP_MS, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      timeout: limit,
      env: { ...process.env, ...env },
    });
    let said = '';
    child.stdout?.on('data', (chunk) => (said += chunk));
    child.stderr?.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => resolve({ name, code: 1, said: error.message }));
    child.once('close', (code, signal) => resolve({ name, code: code ?? signal, said }));
  });
}

const bin = (path) => join(root, 'node_modules', path);

function report({ name, code, said }) {
  if (code === 0) {
    console.log(`- ${name}: fine`);
    return;
  }
  failures.push(name);
  console.log(`- ${name}: FAILED (${code})\n${said.trim()}\n`);
}

/** A build with type check writes metadata.ts anew: what it leaves must be what is committed. */
async function checkBuild() {
  const generated = join(root, 'apps/api/src/metadata.ts');
  const before = readFileSync(generated, 'utf8');
  try {
    await build({ force: true });
  } catch (error) {
    return { name: 'build', code: 1, said: error.message };
  }
  const fresh = readFileSync(generated, 'utf8') === before;
  return {
    name: 'build',
    code: fresh ? 0 : 1,
    said: 'apps/api/src/metadata.ts was not up to date; the build has written it anew: commit it.',
  };
}

async function checks() {
  // In a process beside the build, which reads the sources, too.
  const besides = Promise.all([run('formatting', CHECKS.formatting), run('boundaries', CHECKS.boundaries)]);
  report(await checkBuild());
  for (const result of await besides) report(result);
  report(await checkDocs().catch((error) => ({ name: 'documentation', code: 1, said: error.message })));
  // Two at a time: they are as many as the smallest machine has processors.
  const [types, style] = await Promise.all([run('types', CHECKS.types), run('style', CHECKS.style)]);
  report(types);
  report(style);
  report(await run('types of the console', CHECKS['types of the console']));
  report(await run('unused', CHECKS.unused));
}

/** Pages that are made from declarations in the code. */
async function checkDocs() {
  const stale = await stalePages();
  return {
    name: 'documentation',
    code: stale.length === 0 ? 0 : 1,
    said: `${stale.join(' and ')}: not what the code says; run \`npm run docs\` and commit it.`,
  };
}

/** A file in which nothing ran (it could not be loaded) counts as one failure. */
function count(report) {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const skipped = report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => !['passed', 'failed'].includes(test.status))
      .map((test) => `${relative(root, file.name)}: ${test.fullName}`),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded, skipped };
}

async function tests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-results-'));
  const results = join(folder, 'results.json');
  const { code } = await run(
    'tests',
    [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...args],
    { show: true, limit: TESTS_MS },
  );
  try {
    const counts = count(JSON.parse(readFileSync(results, 'utf8')));
    // An error outside of any test makes the run fail, too.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
try {
  await install({ dev: true });
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const missing = ensureTools(console.log);
if (args.length === 0) await checks();
const { passed, failed, skipped } = await tests(args);

for (const tool of missing)
  console.log(`Missing: ${tool.program} (${tool.for}). Install it: apt-get install ${tool.package}`);
// Tests that were not run for want of a program must not look like tests that passed.
if (args.length === 0) failures.push(...missing.map((tool) => `${tool.program} is missing`));
if (failures.length > 0) console.log(`Failed checks: ${failures.join(', ')}`);
if (skipped.length > 0 && args.length === 0)
  console.log(
    `${skipped.length} skipped:\n${skipped
      .slice(0, SHOWN_SKIPS)
      .map((name) => `  ${name}`)
      .join('\n')}`,
  );
console.log(`${passed} passed, ${failed + failures.length} failed`);
process.exit(failed + failures.length > 0 ? 1 : 0);
