import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { WireWorker, type Piece, type WireExecution } from '../support/wire-worker.js';
import { openScreen, shows, submit } from './support.js';

/** Pieces of 1 MiB. */
const PIECES = 1_024;
const LINES = 8_192;
const LINE_BYTES = 128;
/** Pieces with a hit: near the beginning and near the end, some way before it. */
const HITS = [2, 1_000];
const NEEDLE = 'NEEDLE in the log';
/** Between two pieces that the job writes while somebody looks. */
const WRITES_MS = 200;
/** `npm run bench -- console` holds the first paint to 300 ms and any line to 200 ms: here a machine may be busy. */
const LOOSELY_MS = 4_000;
/** Memory that a page may take for texts, bytes. */
const HELD_BYTES = 64 * 1024 * 1024;

const lineOf = (text: string): string => `${text.padEnd(LINE_BYTES - 1, '.')}\n`;
const textOf = (line: number): string => lineOf(`step ${line % LINES} of the work`).trimEnd();

interface RawPiece extends Piece {
  raw: Buffer;
}

function piece(lines: string[]): RawPiece {
  const raw = Buffer.from(lines.join(''));
  return { raw, member: gzipSync(raw), length: raw.length, lines: lines.length };
}

let stack: Stack;
let browser: Browser;
let worker: WireWorker;
let execution: WireExecution;
let id: string;
let written = PIECES * LINES;
const digest = createHash('sha256');

async function append(part: RawPiece): Promise<void> {
  await execution.append(part);
  digest.update(part.raw);
}

beforeAll(async () => {
  [stack, browser] = await Promise.all([
    Stack.start({ workers: [], env: { DROVER_LOG_LEVEL: 'warn' } }),
    openBrowser(),
  ]);
  worker = await WireWorker.register(stack.url, 'node-1');
  id = await submit(stack.url, { name: 'long', command: 'true' });
  execution = await worker.start(id);
  // Every piece holds the same lines, so that it is packed once. Line n of the log is line n % 8,192 of a piece.
  const plain = Array.from({ length: LINES }, (_, at) => `${textOf(at + 1)}\n`);
  const usual = piece(plain);
  const withHit = piece([lineOf(NEEDLE), ...plain.slice(1)]);
  for (let at = 0; at < PIECES; at += 1) await append(HITS.includes(at) ? withHit : usual);
}, 240_000);
afterAll(async () => {
  worker?.stop();
  await browser?.close();
  await stack?.stop();
});

const row = (page: Page, line: number) => page.locator(`.line[data-line="${line}"]`);
/** The places of hits on the ruler, in percent of its height. */
const ruler = (page: Page): Promise<number[]> =>
  page.evaluate(`[...document.querySelectorAll('.ruler__hit')].map((hit) => Number.parseFloat(hit.style.top))`);
/** The hits that the page says. */
const hits = async (page: Page): Promise<number> =>
  Number.parseInt(/(\d+) hits/.exec(await page.getByRole('search').innerText())?.[1] ?? '', 10);

it('1 GiB is searched while it grows: new hits join those of its beginning and its end, and 64 MB hold the page', async () => {
  expect(PIECES * LINES * LINE_BYTES).toBe(1024 ** 3);
  let hitsWritten = HITS.length;
  let writes = true;
  const growing = (async () => {
    while (writes) {
      await append(piece([lineOf('something else'), lineOf(NEEDLE), lineOf('behind it')]));
      written += 3;
      hitsWritten += 1;
      await new Promise((resolve) => setTimeout(resolve, WRITES_MS));
    }
  })();
  const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${id}/log`);
  try {
    await shows(page, 'behind it');
    const painted = await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
    expect(painted).toBeLessThan(LOOSELY_MS);
    await shows(page, 'Live');
    await page.getByRole('button', { name: 'Aa' }).click();
    await page.getByLabel('Search the log').fill(NEEDLE);
    await page.keyboard.press('Enter');
    await expectEventually(
      async () => expect(await page.getByRole('search').innerText()).toMatch(/\d+ hits, and new lines are searched/),
      { withinMs: 120_000, everyMs: 200 },
    );
    const first = await hits(page);
    expect(first).toBeGreaterThanOrEqual(HITS.length + 1);

    // The ruler: one hit at the beginning, one near the end, and what was written since the log was opened.
    await expectEventually(async () => expect((await ruler(page)).length).toBe(3));
    const places = await ruler(page);
    expect(places[0]).toBeLessThan(1);
    expect(places[1]).toBeGreaterThan(96);
    expect(places[1]).toBeLessThan(98.5);
    expect(places[2]).toBeGreaterThan(99);

    // The list: hits alone, each line once, and new ones come behind them.
    await page.getByLabel('Lines that show').selectOption('Hits only');
    const [early = 0, late = 0] = HITS.map((at) => at * LINES + 1);
    for (const line of [early, late]) await row(page, line).locator('mark', { hasText: NEEDLE }).waitFor();
    const listed = (): Promise<number[]> =>
      page.evaluate(`[...document.querySelectorAll('.hit .line')].map((line) => Number(line.dataset.line))`);
    const before = await listed();
    expect(before.slice(0, 3)).toEqual([early, late, PIECES * LINES + 2]);
    await expectEventually(async () => expect(await hits(page)).toBeGreaterThan(first + 3));
    await page.getByRole('region', { name: 'Hits' }).press('End');
    await expectEventually(async () => expect((await listed()).at(-1)).toBeGreaterThan(PIECES * LINES + 2 + 3 * 3));

    // From hit to hit, and to any line of the log, which still grows.
    await page.getByLabel('Lines that show').selectOption('All lines');
    await page.getByLabel('Go to a line').fill('1');
    await page.keyboard.press('Enter');
    await row(page, 1).getByText(textOf(1), { exact: true }).waitFor();
    for (const line of [early, late, PIECES * LINES + 2]) {
      await page.keyboard.press('n');
      await row(page, line).locator('mark').waitFor();
    }
    for (let at = 1; at <= 20; at += 1) {
      const line = 1 + ((at * 7_919 * 997) % (PIECES * LINES));
      const asked = performance.now();
      await page.getByLabel('Go to a line').fill(String(line));
      await page.keyboard.press('Enter');
      await row(page, line).getByText(textOf(line), { exact: true }).waitFor();
      expect(performance.now() - asked, `line ${line}`).toBeLessThan(LOOSELY_MS);
    }
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    expect((await session.send('Runtime.getHeapUsage')).usedSize).toBeLessThan(HELD_BYTES);
  } finally {
    writes = false;
    await growing;
  }
  // Its end: no hit is missing, none is there twice, and the record has every byte.
  await execution.end(digest.digest('hex'));
  await page.getByText(new RegExp(`^(\\d+ of )?${hitsWritten} hits$`)).waitFor();
  await shows(page, /^Whole, sha256 /);
  await shows(page, `${written.toLocaleString('en')} lines`);
  expect(errors).toEqual([]);
  await context.close();
}, 300_000);
