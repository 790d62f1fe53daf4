import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { submit } from './support.js';

/** More than a browser opens connections to one host. */
const TABS = 8;
/** A page can be hidden by the test, as a tab behind another one is. */
const HIDES = `Object.defineProperty(document, 'visibilityState', { get: () => (globalThis.isBehind ? 'hidden' : 'visible') })`;
/** A page that says when it would have been hidden long enough, without waiting for it. */
const SOON = `const later = setTimeout; globalThis.setTimeout = (run, ms, ...rest) => later(run, ms === 5000 ? 0 : ms, ...rest);`;

let api: TestApi;
let browser: Browser;
let context: BrowserContext;
let job: string;

beforeAll(async () => {
  [api, browser] = await Promise.all([startApi({ passive: true }), openBrowser()]);
  context = await browser.newContext({ baseURL: api.url });
  await context.addInitScript(`${HIDES};${SOON}`);
  job = await submit(api.url, { name: 'looked at', command: 'true' });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

async function open(path: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(path);
  await page.getByRole('heading', { name: 'looked at' }).waitFor();
  return page;
}
const turn = (page: Page, isBehind: boolean): Promise<unknown> =>
  page.evaluate(`globalThis.isBehind = ${isBehind}; document.dispatchEvent(new Event('visibilitychange'))`);
/** Streams that are open at the server. */
async function streams(): Promise<number> {
  const text = await (await fetch(`${api.url}/metrics`)).text();
  return Number(/^drover_streams_open (\d+)$/m.exec(text)?.[1]);
}

describe('many tabs of one browser', () => {
  it('load, each of them: one that nobody looks at keeps no stream open', async () => {
    for (let at = 0; at < TABS; at += 1) {
      const page = await open(`/ui/jobs/${job}`);
      if (at > 0) await expectEventually(async () => expect(await streams()).toBeLessThan(6));
      await turn(page, true);
    }
    await expectEventually(async () => expect(await streams()).toBe(0));
  });

  it('tell what happened meanwhile as soon as they are looked at', async () => {
    const page = context.pages()[0] as Page;
    await fetch(`${api.url}/api/v1/jobs/${job}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await page.locator('header .state', { hasText: 'cancelled' }).count()).toBe(0);
    await turn(page, false);
    await page.locator('header .state', { hasText: 'cancelled' }).waitFor();
  });

  it('end their streams when another page is opened in their place', async () => {
    const page = context.pages()[0] as Page;
    for (let at = 0; at < TABS; at += 1) {
      await page.goto(`/ui/jobs/${job}?tab=${at % 2 === 0 ? 'spec' : 'events'}`);
      await page.getByRole('heading', { name: 'looked at' }).waitFor();
    }
    await expectEventually(async () => expect(await streams()).toBeLessThan(4));
  });
});
