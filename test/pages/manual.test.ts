import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../console/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser, watch } from '../support/browser.js';
import { PROJECT } from '../support/built.js';

const PAGES = readdirSync(join(PROJECT, 'dist/site'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html'))
  .toSorted();
/** Pages are looked at in so many tabs at once. */
const TABS = 3;
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** A page as the browser has it. */
interface Seen {
  title: string;
  /** The page's addresses, whole. */
  links: string[];
  /** Names that an address may lead to. */
  ids: string[];
  scripts: number;
  /** Pictures that did not load. */
  broken: number;
}
const LOOK = `({
  title: document.title,
  links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
  ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
  scripts: document.querySelectorAll('script').length,
  broken: [...document.images].filter((image) => image.naturalWidth === 0).length,
})`;

let api: TestApi;
let browser: Browser;
const seen = new Map<string, Seen>();

/** Does something with each page, in several tabs. */
async function eachPage(work: (name: string, page: Awaited<ReturnType<typeof watch>>['page']) => Promise<void>) {
  const left = [...PAGES];
  const tab = async (): Promise<void> => {
    const watched = await watch(browser, api.url);
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const answer = await watched.page.goto(`/manual/${name}`);
      expect([name, answer?.status(), answer?.headers()['content-security-policy']]).toEqual([name, 200, POLICY]);
      await work(name, watched.page);
      expect([name, watched.errors, watched.foreign]).toEqual([name, [], []]);
    }
    await watched.page.context().close();
  };
  await Promise.all(Array.from({ length: TABS }, tab));
}

beforeAll(async () => {
  [browser, api] = await Promise.all([openBrowser(), startApi({ passive: true })]);
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

describe('the manual', () => {
  it('has no page with an error, a script, a foreign address or a fault that axe finds, in either look', async () => {
    await eachPage(async (name, page) => {
      const found = await page.evaluate<Seen>(LOOK);
      seen.set(name, found);
      expect([name, found.title, found.scripts, found.broken]).toEqual([
        name,
        expect.stringMatching(/^.+ - Drover$/),
        0,
        0,
      ]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page, `${name} ${colorScheme}`);
      }
      await page.setViewportSize({ width: 390, height: 800 });
      expect([name, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([name, true]);
      await page.setViewportSize({ width: 1_280, height: 800 });
    });
    expect(seen.size).toBeGreaterThan(40);
  });

  it('leads from each page to pages and headings that are there, and from the first one to all', () => {
    const root = `${api.url}/manual/`;
    const lost: string[] = [];
    const reached = new Set(['index.html']);
    for (const name of reached)
      for (const link of seen.get(name)?.links ?? []) {
        if (!link.startsWith(`${api.url}/`)) continue;
        const [address = '', heading] = link.split('#', 2);
        const target = address === root ? 'index.html' : address.slice(root.length);
        const page = address.startsWith(root) ? seen.get(target) : undefined;
        if (page && (heading === undefined || page.ids.includes(decodeURIComponent(heading)))) reached.add(target);
        else lost.push(`${name}: ${link}`);
      }
    expect(lost).toEqual([]);
    expect(PAGES.filter((name) => !reached.has(name))).toEqual([]);
  });
});
