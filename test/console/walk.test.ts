import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, openScreen, shows, stateOf, submit } from './support.js';

let stack: Stack;
let browser: Browser;
/** Jobs of the file: one that failed, one that runs until it is cancelled, one that no node serves. */
let failed: string;
let waiting: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), openBrowser()]);
  failed = await submit(stack.url, { name: 'breaks', command: 'echo "to see"; exit 3', tags: ['walk'] });
  waiting = await submit(stack.url, { name: 'waits', queue: 'nowhere', command: 'true' });
  await expectEventually(async () => expect(await stateOf(stack.url, failed)).toBe('failed'), { withinMs: 30_000 });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

describe('axe finds no fault', () => {
  it.each(['light', 'dark'] as const)('on any screen, in the %s look, wide and at 390 px', async (look) => {
    for (const width of [1_280, 390]) {
      const { page, context, errors } = await openScreen(browser, stack.url, '/jobs', { look, width });
      const screens: [path: string, text: string | RegExp][] = [
        ['/jobs', 'breaks'],
        ['/jobs?state=expired', 'No job fits this filter.'],
        [`/jobs/${failed}`, 'to see'],
        [`/jobs/${failed}?tab=spec`, '"walk"'],
        [`/jobs/${failed}?tab=events`, 'job.failed'],
        [`/jobs/${waiting}`, /no (node|agent|worker)/i],
        ['/queues', 'nowhere'],
        ['/nodes', 'online'],
      ];
      for (const [path, text] of screens) {
        await page.goto(`/ui${path}`);
        await shows(page, text);
        await expectAccessible(page, `${path} ${look} ${width}`);
        // Nothing but the tables scrolls sideways.
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} ${width}`).toBe(
          true,
        );
      }
      expect(errors).toEqual([]);
      await context.close();
    }
  });

  it('in the palette, the sheet of keys and a question', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/jobs');
    await shows(page, 'breaks');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('A screen, job, queue or node').fill('breaks');
    await page.getByRole('option', { name: /breaks/ }).waitFor();
    await expectAccessible(page, 'palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await shows(page, 'Next row');
    await expectAccessible(page, 'keys');
    await context.close();
  });
});
