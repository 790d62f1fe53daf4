import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { openScreen, shows, stateOf, submit } from './support.js';

const LINES = 5_000;

let stack: Stack;
let browser: Browser;
let id: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), openBrowser()]);
  id = await submit(stack.url, { name: 'counts', command: `seq -f 'line %.0f of it' 1 ${LINES}` });
  await expectEventually(async () => expect(await stateOf(stack.url, id)).toBe('succeeded'), { withinMs: 60_000 });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

it('a search by keys comes to its first hit, goes on by n and N from the lines, and stays after Esc', async () => {
  const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${id}/log#L2500`);
  const isInField = (): Promise<boolean> =>
    page.evaluate(`document.activeElement.getAttribute('aria-label') === 'Search the log'`);
  /** Waits until a line is the hit that was gone to, and in sight. */
  const seesHit = async (line: number): Promise<void> => {
    await page.locator(`.line[data-line="${line}"][data-hit=present] mark`).waitFor();
    await expectEventually(async () => {
      const at = await page.locator(`.line[data-line="${line}"]`).boundingBox();
      const box = await page.getByRole('region', { name: 'Lines of the log' }).boundingBox();
      expect(at && box && at.y + at.height > box.y && at.y < box.y + box.height).toBe(true);
    });
  };
  const search = async (text: string): Promise<void> => {
    await page.keyboard.press('/');
    expect(await isInField()).toBe(true);
    await page.keyboard.type(text);
  };
  await shows(page, 'line 2500 of it');
  await search('00 of it');
  await page.keyboard.press('Enter');
  expect(await isInField()).toBe(false);
  // From what shows on, not from the first line.
  await shows(page, '25 of 50 hits');
  await seesHit(2_500);
  await page.keyboard.press('n');
  await seesHit(2_600);
  await page.keyboard.press('N');
  await page.keyboard.press('N');
  await seesHit(2_400);
  // No hit is behind what shows: the first one of all comes into view.
  await page.keyboard.press('f');
  await shows(page, `line ${LINES} of it`);
  await search('line 123 of');
  await page.keyboard.press('Enter');
  await shows(page, '1 of 1 hit');
  await seesHit(123);
  await search('nothing of this');
  await page.keyboard.press('Escape');
  expect(await isInField()).toBe(false);
  expect(await page.getByLabel('Search the log').inputValue()).toBe('line 123 of');
  await shows(page, '1 of 1 hit');
  expect(errors).toEqual([]);
  await context.close();
});

it('a search that is made a regular expression before anything is typed is one', async () => {
  const { page, context } = await openScreen(browser, stack.url, `/jobs/${id}/log`);
  const regex = page.getByRole('button', { name: '.*' });
  await regex.click();
  expect(await regex.getAttribute('aria-pressed')).toBe('true');
  await page.getByLabel('Search the log').fill('^line 1[0-9]{3} ');
  await page.keyboard.press('Enter');
  await shows(page, /of 1,000 hits$/);
  await context.close();
});
