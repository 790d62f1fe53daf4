import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page of the console, and what went wrong on it. */
export interface Screen {
  page: Page;
  context: BrowserContext;
  /** Exceptions, errors on its console, and refusals of its policy. */
  errors: string[];
}

export interface ScreenOptions {
  look?: 'light' | 'dark';
  width?: number;
  /** The motion that the browser asks for. Default `reduce`: nothing moves while a test looks at it. */
  motion?: 'reduce' | 'no-preference';
}

/** Opens the console in a browser session of its own. `url`: of the API. */
export async function openScreen(
  browser: Browser,
  url: string,
  path: string,
  { look = 'light', width = 1_280, motion = 'reduce' }: ScreenOptions = {},
): Promise<Screen> {
  const context = await browser.newContext({
    baseURL: url,
    colorScheme: look,
    viewport: { width, height: 800 },
    reducedMotion: motion,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // The browser writes a line for each answer of 400 and above: the console of Drover shows these by itself.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  await page.goto(`/ui${path}`);
  return { page, context, errors };
}

/** Logs a client in on the page that asks for it. */
export async function logIn({ page }: Screen, client: string, key: string): Promise<void> {
  await page.getByLabel('Client').fill(client);
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Log in' }).click();
}

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/**
 * No rule of axe is broken on the page as it is now. `options`: those of axe.run, such as the rules that are asked. The
 * script comes from without, so the page's policy does not hold it.
 */
export async function expectAccessible(page: Page, what: string, options: object = {}): Promise<void> {
  const violations = await page.evaluate(
    async ([source, given]) => {
      const scope = globalThis as unknown as { axe?: { run(given: object): Promise<{ violations: Violation[] }> } };
      if (!scope.axe) new Function(source)();
      return (await (scope.axe as NonNullable<typeof scope.axe>).run(given)).violations;
    },
    [AXE, options] as const,
  );
  const said = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join('; ')}`,
  );
  expect(said, what).toEqual([]);
}

const COLOURS = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

/**
 * No rule of axe is broken on the page in the light look, in the dark one (which differs by its colours alone) and on a
 * phone, where nothing but tables scrolls sideways either. The page is as it was afterwards.
 */
export async function expectAccessibleInEachLook(page: Page, what: string): Promise<void> {
  const wide = page.viewportSize();
  const isIn = (look: string): Promise<void> => page.locator(`html[data-theme=${look}]`).waitFor({ state: 'attached' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await isIn('dark');
  await expectAccessible(page, `${what}, dark`, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  await isIn('light');
  await expectAccessible(page, `${what}, light`);
  await page.setViewportSize({ width: 390, height: 800 });
  await expectAccessible(page, `${what}, on a phone`);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${what}, on a phone`).toBe(true);
  if (wide) await page.setViewportSize(wide);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), what).toBe(true);
}

/** Waits until the page shows a text. */
export const shows = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByText(text).first().waitFor({ state: 'visible' });

/** Submits a job as a program does; gives its id. */
export async function submit(url: string, body: object, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { id } = (await answer.json()) as { id?: string };
  if (id === undefined) throw new Error(`The job was refused: ${answer.status}`);
  return id;
}

/** The state of a job, asked as a program does. */
export async function stateOf(url: string, id: string): Promise<string> {
  return ((await (await fetch(`${url}/api/v1/jobs/${id}`)).json()) as { state: string }).state;
}
