import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../console/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser, watch } from '../support/browser.js';
import { PROJECT } from '../support/built.js';

const PAGES = readdirSync(join(PROJECT, 'dist/site'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html'))
  .toSorted();
const CONTRAST = 'color-contrast';
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
  /** Tags and classes of the page's elements and of those that hold them. */
  kinds: string[];
  scripts: number;
  /** Pictures that did not load. */
  broken: number;
}
const LOOK = `({
  title: document.title,
  links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
  ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
  kinds: [...new Set([...document.body.querySelectorAll('*')].map((one) =>
    [one.parentElement, one].map(({ tagName, className }) => tagName + '.' + className).join(' > ')))],
  scripts: document.querySelectorAll('script').length,
  broken: [...document.images].filter((image) => image.naturalWidth === 0).length,
})`;

let api: TestApi;
let browser: Browser;
const seen = new Map<string, Seen>();
/** Kinds of elements whose colours were looked at. */
const kinds = new Set<string>();

/** Does something with each page, in several tabs. Gives what was wrong, with the page before it. */
async function eachPage(work: (name: string, page: Page) => Promise<void>): Promise<string[]> {
  const left = [...PAGES];
  const faults: string[] = [];
  const tab = async (): Promise<void> => {
    const { page, errors, foreign } = await watch(browser, api.url);
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const answer = await page.goto(`/manual/${name}`);
      const policy = answer?.headers()['content-security-policy'];
      if (answer?.status() !== 200 || policy !== POLICY) faults.push(`${name}: ${answer?.status()} ${policy}`);
      await work(name, page).catch((error: Error) => faults.push(`${name}: ${error.message}`));
      for (const fault of [...errors.splice(0), ...foreign.splice(0)]) faults.push(`${name}: ${fault}`);
    }
    await page.context().close();
  };
  await Promise.all(Array.from({ length: TABS }, tab));
  return faults;
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
    const faults = await eachPage(async (name, page) => {
      const found = await page.evaluate<Seen>(LOOK);
      seen.set(name, found);
      expect([found.title, found.scripts, found.broken]).toEqual([expect.stringMatching(/^.+ - Drover$/), 0, 0]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'fits a phone').toBe(true);
      await page.setViewportSize({ width: 1_280, height: 800 });
      await expectAccessible(page, 'axe', { rules: { [CONTRAST]: { enabled: false } } });
      // All pages have one style: colours are looked at where a page brings another kind of element.
      if (found.kinds.every((kind) => kinds.has(kind))) return;
      for (const kind of found.kinds) kinds.add(kind);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page, colorScheme, { runOnly: [CONTRAST] });
      }
    });
    expect(faults).toEqual([]);
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
