// `npm run screenshots`: makes the pictures of the README in docs/images. It starts a broker with a folder of its own,
// two workers and real jobs, opens the console in Debian's Chromium, and ends all that it started.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { build } from './build.mjs';
import { root } from './lib/root.mjs';

const CHROMIUM = '/usr/bin/chromium';
const IMAGES = join(root, 'docs/images');
const SIZE = { width: 1_280, height: 800 };
const START_MS = 60_000;
const JOBS_MS = 120_000;

/** The jobs of a day in a small group: builds, tests, trainings, and what goes wrong. */
const JOBS = [
  ...many(14, (n) => ({
    queue: 'builds',
    name: `build ${400 + n}`,
    command: `echo compiling; sleep ${(0.4 + (n % 5) * 0.3).toFixed(1)}; echo done`,
    tags: ['ci'],
  })),
  ...many(4, (n) => ({
    queue: 'builds',
    name: `lint ${n}`,
    command: 'echo "src/main.ts:14: unused variable" >&2; exit 2',
    tags: ['ci'],
  })),
  { queue: 'builds', name: 'integration', command: 'echo starting; exec sleep 60', limits: { runtime_s: 2 } },
  ...many(6, (n) => ({ queue: 'lab', name: `boot board ${n}`, command: `sleep ${1 + (n % 3)}; echo booted` })),
  ...many(3, () => ({ queue: 'train', name: 'train small', command: training(24), resources: { memory_mb: 1_024 } })),
];
const LAST = { queue: 'train', name: 'train small', command: training(400), resources: { memory_mb: 1_024 } };
const WAITING = many(9, (n) => ({ queue: 'train', name: `train large ${n}`, command: 'sleep 600' }));

function many(count, one) {
  return Array.from({ length: count }, (_, n) => one(n + 1));
}

/** A training that shows its progress in colours, and uses processor and memory. */
function training(steps) {
  return [
    'echo "::group::Environment"; echo "data: 12,400 pictures"; echo "seed: 7"; echo "::endgroup::"',
    `for i in $(seq 1 ${steps}); do`,
    String.raw`printf '\033[36mepoch %d\033[0m  loss \033[1m0.%04d\033[0m  %d pictures/s\n' $i $((9000 / (i + 1))) $((180 + i % 17));`,
    'if [ $((i % 9)) = 0 ]; then echo "warning: learning rate lowered" >&2; fi;',
    'head -c 20000000 /dev/urandom | sha256sum >/dev/null; sleep 0.2; done',
  ].join('\n');
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Tries until it is done, or throws what went wrong last. */
async function eventually(work, withinMs) {
  for (const until = Date.now() + withinMs; ; await sleep(200)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

async function api(url, path, body) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function ended(url, ids) {
  for (const id of ids)
    await eventually(async () => {
      const { state } = await api(url, `/jobs/${id}`);
      if (!['succeeded', 'failed'].includes(state)) throw new Error(`job ${id} is still ${state}`);
    }, JOBS_MS);
}

/** Small files: WebP by the browser itself. */
async function picture(page, name) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  const bytes = Buffer.from(data, 'base64');
  writeFileSync(join(IMAGES, `${name}.webp`), bytes);
  console.log(`docs/images/${name}.webp: ${Math.round(bytes.length / 1024)} KiB`);
}

async function pictures(url, job) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const open = async (path, look, seen) => {
      const context = await browser.newContext({ baseURL: url, viewport: SIZE, colorScheme: look });
      const page = await context.newPage();
      await page.goto(`/ui${path}`);
      await page.getByText(seen).first().waitFor();
      // Answers that are still on their way are there when nothing has been asked for some time.
      await page.waitForTimeout(2_500);
      return page;
    };
    await picture(await open('/', 'light', 'builds'), 'console-now');
    await picture(await open(`/jobs/${job}?tab=charts`, 'dark', 'train small'), 'console-job');
    await picture(await open('/jobs?q=', 'light', 'train large'), 'console-jobs');
  } finally {
    await browser.close();
  }
}

async function main() {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: install Debian's package chromium.`);
  await build({ quick: true });
  mkdirSync(IMAGES, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'drover-screenshots-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const started = [];
  const start = (app, env) => {
    const child = spawn(process.execPath, [join(root, `dist/apps/${app}/src/main.js`)], {
      env: { PATH: process.env.PATH, HOME: folder, DROVER_DATA_DIR: folder, DROVER_SAMPLE_PERIOD: '1', ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    started.push(child);
  };
  try {
    start('api', { DROVER_PORT: new URL(url).port, DROVER_LOG_LEVEL: 'error' });
    await eventually(() => api(url, '/queues'), START_MS);
    for (const [name, queues] of [
      ['deneb', 'default,builds,lab'],
      ['vega', 'default,train=1,builds'],
    ])
      start('worker', {
        DROVER_API_URL: url,
        DROVER_NODE_NAME: name,
        DROVER_QUEUES: queues,
        DROVER_SLOTS: '4',
        DROVER_LOG_LEVEL: 'error',
      });
    const ids = [];
    for (const job of JOBS) ids.push((await api(url, '/jobs', job)).id);
    await ended(url, ids);
    const { id } = await api(url, '/jobs', LAST);
    for (const job of WAITING) await api(url, '/jobs', job);
    // Long enough for charts.
    await sleep(20_000);
    await pictures(url, id);
    for (const { id: left } of (await api(url, '/jobs?state=running,queued&limit=50')).jobs)
      await api(url, `/jobs/${left}/cancel`, {});
  } finally {
    for (const child of started.toReversed()) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([gone, sleep(20_000)]);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(`screenshots: ${error.message}`);
  process.exit(1);
});
