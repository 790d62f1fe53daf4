// `npm run smoke`: packs Drover, installs the package into an empty folder, and on each line of Node.js starts it, runs
// jobs through the command line, and stops it. `npm run smoke -- 24` tries one line. The programs of Node come from
// npm's packages `node-<platform>-<architecture>` and stay in `.cache/node`; an npm registry has to be reachable.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmCommand } from './lib/install-scripts.mjs';
import { LINES } from './lib/node-version.mjs';
import { root } from './lib/root.mjs';

const NPM_MS = 600_000;
const READY_MS = 120_000;
const CALL_MS = 60_000;
const STOP_MS = 60_000;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function npm(cwd, ...args) {
  const [command, ...first] = npmCommand();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stdout, stderr, error } = spawnSync(command, [...first, ...args, ...quiet], {
    cwd,
    encoding: 'utf8',
    timeout: NPM_MS,
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
  return stdout.trim();
}

/** The program of the newest version of a line. */
function nodeOf(line) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, '.cache', 'node', line);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    // A folder of its own: npm would take the project's, which is above it.
    npm(folder, 'install', '--prefix', folder, '--no-save', '--ignore-scripts', '--prefer-offline', `${name}@${line}`);
  }
  if (!existsSync(program)) throw new Error(`npm's ${name}@${line} brought no ${program}`);
  return program;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** `drover up`, until it serves. */
async function start(node, folder, env) {
  const child = spawn(node, [join(folder, 'node_modules/drover/bin/drover.mjs'), 'up'], { cwd: folder, env });
  let said = '';
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const ready = new Promise((resolve) => {
    const hear = (chunk) => {
      said += chunk;
      if (said.includes('Press Ctrl-C')) resolve('ready');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), READY_MS);
  const outcome = await Promise.race([ready, ended]);
  clearTimeout(timer);
  if (outcome !== 'ready' || !said.includes('It succeeded on')) {
    child.kill('SIGTERM');
    await ended;
    throw new Error(`drover up did not run its first job (${outcome}):\n${said}`);
  }
  return {
    said,
    async stop() {
      child.kill('SIGINT');
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await ended;
      clearTimeout(hard);
      if (code !== 0) throw new Error(`drover up ended with ${code} after Ctrl-C:\n${said}`);
    },
  };
}

function drover(node, folder, env, args) {
  const { status, stdout, stderr } = spawnSync(node, [join(folder, 'node_modules/drover/bin/drover.mjs'), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: CALL_MS,
  });
  return { status, stdout, stderr };
}

function expectThat(is, what, seen) {
  if (!is) throw new Error(`${what}; seen: ${JSON.stringify(seen)}`);
}

async function tryLine(line, folder) {
  const node = nodeOf(line);
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const began = performance.now();
  const port = await freePort();
  const data = mkdtempSync(join(folder, `data-${line}-`));
  const env = { PATH: process.env.PATH, HOME: data, DROVER_PORT: String(port), DROVER_DATA_DIR: data };
  const broker = await start(node, folder, env);
  try {
    const isOld = version.startsWith('v20.');
    expectThat(
      broker.said.includes('no fixes since') === isOld,
      'only Node 20 is said to be past its end',
      broker.said,
    );
    const script = 'echo out; echo err >&2; exit 3';
    const run = drover(node, folder, env, ['run', '--', 'sh', '-c', script]);
    expectThat(
      run.status === 3 && run.stdout === 'out\n' && run.stderr.includes('err\n'),
      '`run` has the exit code and the output of its job',
      run,
    );
    const job = drover(node, folder, env, ['submit', '--output', 'quiet', '--', 'node', '--version']);
    const log = drover(node, folder, env, ['logs', '-f', job.stdout.trim()]);
    expectThat(log.status === 0 && /^v\d+/.test(log.stdout), '`logs` follows a job', log);
    const list = drover(node, folder, env, ['list']);
    expectThat(list.status === 0 && list.stdout.includes(job.stdout.trim()), '`list` shows the job', list);
  } finally {
    await broker.stop();
    rmSync(data, { recursive: true, force: true });
  }
  console.log(`- Node.js ${version}: start, jobs, command line and stop in ${seconds(began)}`);
}

const lines = process.argv.length > 2 ? process.argv.slice(2) : LINES;
const folder = mkdtempSync(join(tmpdir(), 'drover-smoke-'));
try {
  let began = performance.now();
  const tarball = npm(
    root,
    'pack',
    '--ignore-scripts=false',
    '--foreground-scripts=false',
    '--pack-destination',
    folder,
  );
  const name = tarball.split('\n').at(-1);
  console.log(`- Packed ${name} in ${seconds(began)}`);
  began = performance.now();
  npm(folder, 'install', '--prefer-offline', `./${name}`);
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  const megabytes = spawnSync('du', ['-sm', 'node_modules'], { cwd: folder, encoding: 'utf8' }).stdout.split('\t')[0];
  console.log(
    `- Installed it into an empty folder in ${seconds(began)}: ${Object.keys(packages).length} packages, ${megabytes} MB`,
  );
  for (const line of lines) await tryLine(line, folder);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
