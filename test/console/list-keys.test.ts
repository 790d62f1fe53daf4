import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { openScreen, shows, stateOf, submit } from './support.js';

let api: TestApi;
let browser: Browser;

beforeAll(async () => {
  [browser, api] = await Promise.all([openBrowser(), startApi()]);
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

/** The name in the row that keys act on. */
const active = (page: Page): Promise<string | null> => page.locator('.grid__row[data-active] a').first().textContent();

describe('the list of jobs', () => {
  it('is worked with by the keys j, k, x, r, c and /, also after a box was ticked with the mouse', async () => {
    const agent = await scriptedAgent(api.core, 'node-of-keys');
    const ids: string[] = [];
    for (const name of ['first', 'second', 'third'])
      ids.push(await submit(api.url, { name, queue: 'keys', command: 'true' }));
    await (await (await agent.claim(ids[0] as string)).started()).ended({ exit_code: 3 });
    const { page, context, errors } = await openScreen(browser, api.url, '/jobs?queue=keys');
    await page.locator('.grid__row .state', { hasText: 'failed' }).waitFor();
    for (const [key, name] of [
      ['j', 'third'],
      ['j', 'second'],
      ['j', 'first'],
      ['j', 'first'],
      ['k', 'second'],
      ['ArrowUp', 'third'],
      ['k', 'third'],
      ['ArrowDown', 'second'],
      ['j', 'first'],
    ] as const) {
      await page.keyboard.press(key);
      await expectEventually(async () => expect(await active(page), key).toBe(name));
    }
    // A key that cannot do what it is for does nothing.
    await page.keyboard.press('c');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Retry 1 job' }).click();
    await shows(page, '1 of 1: 1 changed, 0 skipped');
    await page.keyboard.press('Escape');
    await expectEventually(async () => expect(await stateOf(api.url, ids[0] as string)).toBe('queued'));
    // The focus stays on the box: it takes no keys from the list.
    await page.getByRole('checkbox', { name: 'Select third' }).click();
    await shows(page, '1 job selected');
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Cancel 1 job' }).click();
    await shows(page, '1 of 1: 1 changed, 0 skipped');
    await page.keyboard.press('Escape');
    await expectEventually(async () => expect(await stateOf(api.url, ids[2] as string)).toBe('cancelled'));
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Filter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    for (const words of ['Next row', 'Previous row', 'Select the row, or not', 'Open the job', 'Cancel', 'Retry'])
      await page.getByRole('dialog').getByText(words, { exact: true }).first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps the row that keys act on in sight', async () => {
    const jobs = Array.from({ length: 60 }, (_, at) => ({ name: `row ${at}`, queue: 'long', command: 'true' }));
    await fetch(`${api.url}/api/v1/jobs/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jobs }),
    });
    const { page, context } = await openScreen(browser, api.url, '/jobs?queue=long');
    await shows(page, 'row 59');
    const grid = page.getByRole('grid');
    const row = page.locator('.grid__row[data-active]');
    for (const [key, times] of [
      ['j', 40],
      ['k', 35],
    ] as const)
      for (let at = 0; at < times; at += 1) {
        await page.keyboard.press(key);
        const [box, seen] = [await grid.boundingBox(), await row.boundingBox()];
        if (!box || !seen) throw new Error(`There is no active row after ${at + 1} times ${key}.`);
        expect(seen.y + seen.height, `${key} ${at}`).toBeLessThanOrEqual(box.y + box.height);
        expect(seen.y, `${key} ${at}`).toBeGreaterThanOrEqual(box.y + seen.height - 2);
      }
    await context.close();
  });

  it('stands where it stood when somebody comes back to it', async () => {
    const { page, context } = await openScreen(browser, api.url, '/jobs?queue=long');
    await shows(page, 'row 59');
    for (let at = 0; at < 45; at += 1) await page.keyboard.press('j');
    const row = page.locator('.grid__row[data-active]');
    const place = async (): Promise<unknown[]> => [
      await row.getByRole('link').first().innerText(),
      (await row.boundingBox())?.y,
    ];
    const before = await place();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'row 15' }).waitFor();
    await page.goBack();
    await row.waitFor();
    await expectEventually(async () => expect(await place()).toEqual(before));
    // A change that came meanwhile shows.
    await page.keyboard.press('k');
    await page.locator('.grid__row[data-active]', { hasText: 'row 16' }).waitFor();
    await context.close();
  });
});
