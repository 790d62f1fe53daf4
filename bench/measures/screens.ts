import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Store } from '@drover/store';
import type { Broker } from '../lib/broker.js';
import { makeHistory } from '../lib/history.js';
import { Missing } from '../lib/missing.js';
import { percentile, type Row } from '../lib/numbers.js';
import { writtenLog } from '../lib/written-log.js';

const CHROMIUM = '/usr/bin/chromium';
/** Each screen is opened so often, with nothing kept from the time before. */
const OPENINGS = 7;
/** Lines that are gone to, far apart. */
const LINES = 60;
const PAINTED_MS = 60_000;

export interface ScreensEffort {
  /** Finished jobs in the record. */
  jobs: number;
  /** Rows that are scrolled through. */
  rows: number;
  logBytes: number;
}

/**
 * Measures the console in Chromium: first sight of each screen, any line of a long log, and rows scrolled through.
 *
 * @throws Missing where there is no Chromium
 */
export async function screens(broker: Broker, { jobs, rows, logBytes }: ScreensEffort): Promise<Row[]> {
  if (!existsSync(CHROMIUM)) throw new Missing(`The screens are left out: ${CHROMIUM} (Debian's chromium) is missing.`);
  const log = await writtenLog(broker, logBytes);
  const store = await Store.open({ url: broker.databaseUrl, pool: 2 });
  try {
    await makeHistory(store, jobs);
  } finally {
    await store.close();
  }
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    // Its sandbox refuses to run as root.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--enable-precise-memory-info'],
  });
  try {
    return [
      ...(await openings(browser, broker.url, 'Now', '/ui/', 'main h2, main section')),
      ...(await openings(browser, broker.url, 'Jobs', '/ui/jobs', ROW)),
      ...(await openings(browser, broker.url, 'a job', `/ui/jobs/${log.id}`, 'main h1')),
      ...(await openings(browser, broker.url, 'a log', `/ui/jobs/${log.id}/log`, LINE, '<= 300')),
      ...(await anyLine(browser, broker.url, log)),
      ...(await scrolled(browser, broker.url, rows)),
    ];
  } finally {
    await browser.close();
  }
}

const ROW = '[role=row].grid__row';
const LINE = '.line[data-line]';

async function opened(browser: Browser, url: string, path: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PAINTED_MS);
  await page.goto(path, { waitUntil: 'commit' });
  return { page, context };
}

/** From the start of the navigation: the first paint of anything, and what the screen is opened for. */
async function openings(browser: Browser, url: string, name: string, path: string, what: string, aim?: string) {
  const first: number[] = [];
  const there: number[] = [];
  for (let n = 0; n < OPENINGS; n += 1) {
    const { page, context } = await opened(browser, url, path);
    there.push(
      await page.evaluate(
        `new Promise((resolve) => {
          const look = () => document.querySelector(${JSON.stringify(what)})
            ? requestAnimationFrame(() => resolve(performance.now()))
            : requestAnimationFrame(look);
          look();
        })`,
      ),
    );
    first.push(await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`));
    await context.close();
  }
  return [
    { name: `${name}: first paint`, value: percentile(first, 50), unit: 'ms', ...(aim === undefined ? {} : { aim }) },
    { name: `${name}: there`, value: percentile(there, 50), unit: 'ms' },
  ];
}

/** From the key that asks for a line until its text is on the screen. */
async function anyLine(browser: Browser, url: string, { id, lines }: { id: string; lines: number }): Promise<Row[]> {
  const { page, context } = await opened(browser, url, `/ui/jobs/${id}/log`);
  await page.locator(LINE).first().waitFor();
  const waits: number[] = [];
  for (let n = 0; n < LINES; n += 1) {
    const line = 1 + ((n * 7_919 * 997) % lines);
    await page.getByLabel('Go to a line').fill(String(line));
    await page.evaluate(`window.seen = new Promise((resolve) => {
      addEventListener('keydown', () => {
        const begun = performance.now();
        const look = () => document.querySelector('.line[data-line="${line}"] .line__text')?.textContent
          ? requestAnimationFrame(() => resolve(performance.now() - begun))
          : requestAnimationFrame(look);
        look();
      }, { once: true, capture: true });
    }); 0`);
    await page.keyboard.press('Enter');
    waits.push(await page.evaluate('window.seen'));
  }
  const held = await heapMb(page);
  await context.close();
  return [
    { name: 'any line of the log, p50', value: percentile(waits, 50), unit: 'ms', aim: '<= 200' },
    { name: 'any line of the log, p99', value: percentile(waits, 99), unit: 'ms', aim: '<= 200' },
    { name: 'heap of the log screen after them', value: held, unit: 'MB' },
  ];
}

/** Scrolls the list of jobs to its end again and again, until so many rows were loaded. */
async function scrolled(browser: Browser, url: string, rows: number): Promise<Row[]> {
  const { page, context } = await opened(browser, url, '/ui/jobs');
  await page.locator(ROW).first().waitFor();
  const { took, slowest, nodes } = await page.evaluate<{ took: number; slowest: number; nodes: number }>(
    `new Promise((resolve) => {
      const grid = document.querySelector('[role=grid]');
      const begun = performance.now();
      let last = begun;
      let slowest = 0;
      const step = () => {
        const now = performance.now();
        slowest = Math.max(slowest, now - last);
        last = now;
        grid.scrollTop = grid.scrollHeight;
        const seen = [...document.querySelectorAll(${JSON.stringify(ROW)})].at(-1)?.getAttribute('aria-rowindex');
        if (Number(seen) >= ${rows}) resolve({ took: now - begun, slowest, nodes: document.querySelectorAll('*').length });
        else requestAnimationFrame(step);
      };
      step();
    })`,
  );
  const held = await heapMb(page);
  await context.close();
  return [
    { name: `rows scrolled through, of ${rows.toLocaleString('en')}`, value: rows / (took / 1_000), unit: '/s' },
    { name: 'longest frame meanwhile', value: slowest, unit: 'ms' },
    { name: 'elements of the page afterwards', value: nodes, unit: '' },
    { name: 'heap of the list afterwards', value: held, unit: 'MB' },
  ];
}

/** Memory of scripts of a page, after what can be collected is. */
async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}
