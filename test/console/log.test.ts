import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, expectAccessibleInEachLook, openScreen, shows, submit } from './support.js';

const LINES = 1_300_000;
const FATAL = 900_000;
const textOf = (line: number): string => `line ${line} of a log that is longer than a page may be`;

let stack: Stack;
let browser: Browser;
/** 64 MiB in 1,300,000 lines, of which line 900,000 is an error. */
let large: string;
/** A few lines in colours, of both streams, with a group, a progress bar and a text that looks like a page. */
let small: string;

const SMALL = [
  String.raw`printf '\033[31mred\033[0m plain\n'`,
  'echo "::group::Install"; echo inside one; echo inside two; echo "::endgroup::"; echo behind',
  // Longer than the answer's text of a line.
  String.raw`for i in $(seq 1 3000); do printf '%d of 3000\r' $i; done; echo`,
  `echo '<img src=x onerror="document.title = 1">'`,
  'sleep 0.5; echo to stderr >&2',
].join('; ');

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), openBrowser()]);
  large = await submit(stack.url, {
    name: 'large',
    command: `seq -f 'line %.0f of a log that is longer than a page may be' 1 ${LINES} | sed '${FATAL}s/.*/fatal: no space left/'`,
  });
  small = await submit(stack.url, { name: 'small', command: SMALL });
  for (const id of [large, small])
    await expectEventually(
      async () => {
        const answer = await fetch(`${stack.url}/api/v1/jobs/${id}/logs/index?points=1`);
        expect(await answer.json()).toMatchObject({ state: 'complete' });
      },
      { withinMs: 120_000 },
    );
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const row = (page: Page, line: number) => page.locator(`.line[data-line="${line}"]`);
const box = (page: Page) => page.getByRole('region', { name: 'Lines of the log' });

/** Waits until the text of a line is in sight. */
async function seesLine(page: Page, line: number, text = textOf(line)): Promise<void> {
  await row(page, line).getByText(text, { exact: true }).waitFor();
  await expectEventually(async () => {
    const [at, around] = await Promise.all([row(page, line).boundingBox(), box(page).boundingBox()]);
    expect(at && around && at.y + at.height > around.y && at.y < around.y + around.height).toBe(true);
  });
}

/** The number of the first line that is in sight. */
const firstLine = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const top = document.querySelector('.log__box').getBoundingClientRect().top;
    const row = [...document.querySelectorAll('.line')].find((line) => line.getBoundingClientRect().bottom > top + 2);
    return Number(row.dataset.line);
  })()`);

async function goTo(page: Page, lines: string): Promise<void> {
  await page.getByLabel('Go to a line').fill(lines);
  await page.keyboard.press('Enter');
}

describe('a log of 1,300,000 lines', () => {
  it('opens at its end, and shows any line soon, with few of them on the page', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${large}`);
    await page.getByRole('link', { name: 'Full page' }).click();
    await seesLine(page, LINES);
    await shows(page, '1,300,000 lines');
    await shows(page, /^Whole, sha256 [0-9a-f]{12}…$/);
    for (const line of [650_000, 1, 1_299_999, 123_456]) {
      const before = performance.now();
      await goTo(page, String(line));
      await seesLine(page, line);
      expect(performance.now() - before, `line ${line}`).toBeLessThan(5_000);
    }
    expect(await page.locator('.line').count()).toBeLessThan(150);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('is scrolled by exact lines with the wheel and keys, and through all of it with the bar', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${large}/log`);
    await seesLine(page, LINES);
    await box(page).focus();
    await page.keyboard.press('Home');
    await seesLine(page, 1);
    await box(page).hover();
    await page.mouse.wheel(0, 2_000);
    await expectEventually(async () => expect(await firstLine(page)).toBe(101));
    await page.mouse.wheel(0, -1_000);
    await expectEventually(async () => expect(await firstLine(page)).toBe(51));
    // The bar in the middle is the middle of the log.
    await page.evaluate(
      `(() => { const box = document.querySelector('.log__box'); box.scrollTop = (box.scrollHeight - box.clientHeight) / 2; })()`,
    );
    await expectEventually(async () => expect(Math.abs((await firstLine(page)) - LINES / 2)).toBeLessThan(2_000));
    const middle = await firstLine(page);
    await seesLine(page, middle + 3);
    await page.keyboard.press('PageDown');
    await expectEventually(async () => expect(await firstLine(page)).toBeGreaterThan(middle + 5));
    expect(await firstLine(page)).toBeLessThan(middle + 60);
    await page.keyboard.press('End');
    await seesLine(page, LINES);
    await context.close();
  });

  it('opens at the lines of a link, and links to those that are chosen', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${large}/log#L500000-L500004`);
    await seesLine(page, 500_002);
    expect(await page.locator('.line[data-chosen]').count()).toBe(5);
    await row(page, 500_001).locator('.line__number').click();
    await row(page, 500_003)
      .locator('.line__number')
      .click({ modifiers: ['Shift'] });
    await expect.poll(() => new URL(page.url()).hash).toBe('#L500001-L500003');
    await shows(page, 'Lines 500,001 to 500,003');
    // One task of the page: nothing is drawn between the clicks.
    await page.evaluate(`for (const [line, shiftKey] of [[500002, false], [500004, true]])
      document.querySelector('.line[data-line="' + line + '"] .line__number')
        .dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey }))`);
    await expect.poll(() => new URL(page.url()).hash).toBe('#L500002-L500004');
    await page.reload();
    await seesLine(page, 500_001);
    await context.close();
  });

  it('is searched on the server, with hits on a ruler and alone with what is around them', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${large}/log`);
    await seesLine(page, LINES);
    await page.getByRole('button', { name: 'First error' }).click();
    await seesLine(page, FATAL, 'fatal: no space left');
    await page.getByLabel('Search the log').fill('NO SPACE');
    await page.keyboard.press('Enter');
    await shows(page, '1 of 1 hit');
    await row(page, FATAL).locator('mark', { hasText: 'no space' }).waitFor();
    expect(await page.locator('.ruler__hit').count()).toBe(1);
    await page.getByLabel('Lines that show').selectOption('Hits ± 2');
    await row(page, FATAL + 2).waitFor();
    await expect.poll(() => page.locator('.line').count()).toBe(5);
    expect(await page.locator('.line[data-hit]').count()).toBe(1);
    await expectAccessible(page, 'hits');
    await row(page, FATAL + 1)
      .locator('.line__number')
      .click();
    await seesLine(page, FATAL + 1);
    expect(await page.locator('.line').count()).toBeGreaterThan(20);
    // The address has the search: it is a link, too.
    await page.goto(`/ui/jobs/${large}/log?q=line 77777[0-9] of&match=regex`);
    await shows(page, /^10 hits$/);
    await page.goto(`/ui/jobs/${large}/log?q=(&match=regex`);
    await shows(page, /must be a regular expression as RE2 takes it/);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('a search of a log', () => {
  it('goes on behind its last hit when somebody asks, and keeps the hits found before', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${large}/log?q=line 1`);
    await shows(page, '5,000 hits; there may be more');
    await page.getByRole('button', { name: 'Search on' }).click();
    await shows(page, '10,000 hits; there may be more');
    await page.getByLabel('Lines that show').selectOption('Hits only');
    await row(page, 1).locator('mark', { hasText: 'line 1' }).waitFor();
    // More lines around the hits, then fewer, then the whole log: all have the hits of both searches.
    const look = page.getByLabel('Lines that show');
    await look.selectOption('Hits ± 2');
    await row(page, 2).waitFor();
    await shows(page, '10,000 hits; there may be more');
    await look.selectOption('Hits only');
    await row(page, 2).waitFor({ state: 'detached' });
    await shows(page, '10,000 hits; there may be more');
    await look.selectOption('All lines');
    await shows(page, '10,000 hits; there may be more');
    // A new text begins at the first line.
    await page.getByLabel('Search the log').fill('line 77 of');
    await page.keyboard.press('Enter');
    await shows(page, '1 of 1 hit');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says why the API cannot search, and shows the hits as soon as it can', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${small}/log`);
    await shows(page, 'to stderr');
    const search = '**/logs/search?**';
    await page.route(search, (route) =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: 'event: trouble\ndata: {"message":"The record is away."}\n\n',
      }),
    );
    await page.getByLabel('Search the log').fill('inside one');
    await page.keyboard.press('Enter');
    await shows(page, 'The API could not search, and tries again: The record is away.');
    await expectAccessible(page, 'trouble of a search');
    await page.unroute(search);
    await shows(page, '1 of 1 hit');
    await page.getByText('The API could not search').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('the log of a job that waits', () => {
  it('says at once that the job has written nothing yet', async () => {
    const id = await submit(stack.url, { name: 'waits', queue: 'no-node-has-it', command: 'true' });
    for (const path of [`/jobs/${id}/log`, `/jobs/${id}?tab=log`]) {
      const { page, context, errors } = await openScreen(browser, stack.url, path);
      await shows(page, 'The job has not started: it has written nothing yet.');
      await expectAccessible(page, path);
      expect(errors).toEqual([]);
      await context.close();
    }
  });
});

describe('the keys of a log', () => {
  it('lead to the first error, from hit to hit and to the end, and change times and wrapping', async () => {
    const query = new URLSearchParams({ q: 'line 77777[0-9] of', match: 'regex' });
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${large}/log?${query.toString()}`);
    await seesLine(page, LINES);
    await shows(page, /^10 hits$/);
    await page.keyboard.press('e');
    await seesLine(page, FATAL, 'fatal: no space left');
    // No hit is behind it: the first one follows the last one.
    for (const [key, place, line] of [
      ['n', 1, 777_770],
      ['n', 2, 777_771],
      ['N', 1, 777_770],
      ['N', 10, 777_779],
    ] as const) {
      await page.keyboard.press(key);
      await shows(page, `${place} of 10 hits`);
      await seesLine(page, line);
      expect(await row(page, line).locator('mark').textContent()).toBe(`line ${line} of`);
    }
    await page.keyboard.press('f');
    await seesLine(page, LINES);
    const time = (): Promise<string | null> => row(page, LINES).locator('.line__time').textContent();
    await page.keyboard.press('t');
    await expectEventually(async () => expect(await time()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/));
    await page.keyboard.press('t');
    await expectEventually(async () => expect(await time()).toMatch(/^\+\d/));
    for (const wraps of [1, 0]) {
      await page.keyboard.press('w');
      await expectEventually(async () => expect(await page.locator('.log__box[data-wraps]').count()).toBe(wraps));
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('lines of a log', () => {
  it('show colours, streams, groups and the last of a progress bar, and are never a page', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${small}/log`);
    await shows(page, 'to stderr');
    expect(await page.locator('.line .ansi-red').textContent()).toBe('red');
    expect(await page.locator('.line[data-stream=stderr] .line__text').allTextContents()).toEqual(['to stderr']);
    await page.getByText('3000 of 3000', { exact: true }).waitFor();
    await page.getByText('<img src=x', { exact: false }).waitFor();
    expect(await page.title()).toBe('Log of small - Drover');
    // The end of a group is a line without a text.
    await page.getByText('Install', { exact: true }).waitFor();
    await row(page, 6).getByText('behind', { exact: true }).waitFor();
    expect(await row(page, 5).locator('.line__text').textContent()).toBe('');
    const fold = page.getByRole('button', { name: 'Lines of the group' });
    await fold.click();
    await page.getByText('inside one').waitFor({ state: 'detached' });
    await shows(page, 'behind');
    await goTo(page, '3');
    await shows(page, 'inside one');
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByLabel('Times since the first line').check();
    await shows(page, /^\+0\.\d+s$/);
    await page.getByLabel('Wrap lines').check();
    await page.keyboard.press('Escape');
    await shows(page, 'to stderr');
    await page.getByLabel('Streams').selectOption('stderr only');
    await page.getByText('inside one').waitFor({ state: 'detached' });
    await row(page, 1).getByText('to stderr').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('break no rule of axe in either look, and fit a phone', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${small}/log?q=inside#L2`);
    await shows(page, /^2 hits$/);
    await shows(page, 'to stderr');
    await expectAccessibleInEachLook(page, 'log');
    await context.close();
  });
});

describe('a log that grows', () => {
  const grows = (name: string): Promise<string> =>
    submit(stack.url, {
      name,
      command: 'i=0; while [ $i -lt 6000 ]; do i=$((i+1)); echo "tick $i"; sleep 0.02; done',
    });
  const cancel = (id: string): Promise<unknown> =>
    fetch(`${stack.url}/api/v1/jobs/${id}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  /** Every line that shows has its own text, once the lines that show have been read. */
  async function expectEachInItsPlace(page: Page): Promise<void> {
    await expectEventually(async () => {
      const rows = await page.evaluate<[string, string][]>(
        `[...document.querySelectorAll('.line')].map((row) => [row.dataset.line, row.querySelector('.line__text').textContent])`,
      );
      const read = rows.filter(([, text]) => text !== '');
      for (const [line, text] of read) expect(text, 'a line in a wrong place stays wrong').toBe(`tick ${line}`);
      expect(read.length).toBeGreaterThan(10);
    });
  }

  it('is followed until somebody scrolls up, counts new lines, and is searched on', async () => {
    const id = await grows('grows');
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${id}/log`);
    await shows(page, /^tick \d{3,}$/);
    await box(page).hover();
    await page.mouse.wheel(0, -400);
    const button = page.getByRole('button', { name: /^\d+ new lines?$/ });
    await button.waitFor();
    const held = await firstLine(page);
    const count = async (): Promise<number> => Number.parseInt((await button.textContent()) ?? '', 10);
    const before = await count();
    await expectEventually(async () => expect(await count()).toBeGreaterThan(before + 20));
    expect(await firstLine(page)).toBe(held);
    await expectEachInItsPlace(page);
    await button.click();
    await button.waitFor({ state: 'detached' });
    await page.getByLabel('Search the log').fill('7');
    await page.keyboard.press('Enter');
    await shows(page, /and new lines are searched/);
    const hits = async (): Promise<number> =>
      Number.parseInt(
        /(\d+) hits/.exec((await page.getByText(/new lines are searched/).textContent()) ?? '')?.[1] ?? '',
        10,
      );
    const found = await hits();
    await expectEventually(async () => expect(await hits()).toBeGreaterThan(found));
    await expectEachInItsPlace(page);
    expect(errors).toEqual([]);
    await cancel(id);
    await page.locator('header .state', { hasText: 'cancelled' }).waitFor();
    await context.close();
  });

  // Last: it stops the API.
  it('goes on by itself when the API was away', async () => {
    const id = await grows('goes on');
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${id}/log`);
    await shows(page, /^tick \d{2,}$/);
    await stack.api.stop();
    await shows(page, 'The API is away');
    const last = Number(await page.locator('.line').last().getAttribute('data-line'));
    stack.api.start();
    await stack.apiReady(stack.api);
    await page.getByText('The API is away').waitFor({ state: 'detached' });
    await expectEventually(async () =>
      expect(Number(await page.locator('.line').last().getAttribute('data-line'))).toBeGreaterThan(last + 100),
    );
    await shows(page, 'Live');
    await expectEachInItsPlace(page);
    await cancel(id);
    await context.close();
  });
});
