import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { openScreen, shows, submit } from './support.js';

let api: TestApi;
let browser: Browser;
/** Two runs of one name, which ended, and one that runs. */
let ended: string;
let earlier: string;
let alarm: string;

beforeAll(async () => {
  [browser, api] = await Promise.all([openBrowser(), startApi()]);
  const agent = await scriptedAgent(api.core, 'n1');
  const run = async (exitCode: number): Promise<string> => {
    const id = await submit(api.url, { name: 'runs', command: 'true', tags: ['reach'] });
    const execution = await (await agent.claim(id)).started();
    await execution.write('one\ntwo\nthree\n');
    await execution.ended({ exit_code: exitCode });
    return id;
  };
  earlier = await run(0);
  ended = await run(3);
  const goesOn = await (await agent.claim(await submit(api.url, { name: 'goes on', command: 'true' }))).started();
  // It was placed on two GPUs of the node.
  await api.core.store.sql.run(`UPDATE execution SET placed = '{"slots":1,"gpus":[0,1]}' WHERE id = $1`, [goesOn.id]);
  await submit(api.url, { name: 'waits', queue: 'nowhere', command: 'true' });
  const answer = await fetch(`${api.url}/api/v1/alarms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'much', target: 'main', metric: 'x', operator: '>', threshold: 1 }),
  });
  alarm = ((await answer.json()) as { id: string }).id;
  for (const id of [earlier, ended])
    await expectEventually(async () => expect((await fetch(`${api.url}/api/v1/profiles/${id}`)).status).toBe(200));
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

/** Every screen, with a text that is there once it is. */
const screens = (): [path: string, text: string | RegExp][] => [
  ['/', 'Slots'],
  ['/jobs', 'goes on'],
  [`/jobs/${ended}`, /^three$/],
  [`/jobs/${ended}?tab=charts`, /There are no readings yet/],
  [`/jobs/${ended}?tab=events`, 'job.failed'],
  [`/jobs/${ended}?tab=spec`, '"reach"'],
  [`/jobs/${ended}?tab=runs`, 'This one'],
  [`/jobs/${ended}?tab=artifacts`, 'This job left no artifact.'],
  [`/jobs/${ended}?tab=deliveries`, /^Nobody is told of this job/],
  [`/jobs/${ended}/log#L2`, /^three$/],
  ['/queues', 'nowhere'],
  ['/nodes', 'n1'],
  ['/timeline', 'Draw over the lanes to choose a part.'],
  ['/alarms', 'much'],
  ['/alarms/new', 'New alarm'],
  [`/alarms/${alarm}`, 'Save'],
  ['/profiles', 'Choose two to compare them.'],
  [`/profiles/compare?a=${ended}&b=${earlier}`, 'Time it took'],
  ['/targets', 'Nothing is scraped.'],
  ['/submit', 'Submit a job'],
];

/**
 * Marks what can be pressed or typed into, and gives the words of each. Left out are the parts of a whole that has keys
 * of its own: the tabs that do not show (arrows), the list of jobs (`j`, `k`, `x`, Enter), numbers of lines (`l`), and
 * the screen itself, which the first link leads to.
 */
const MARK = `(() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const own = '[role=tablist] [aria-selected=false], [role=grid] *, .line__number, main, [aria-hidden=true] *';
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && !element.matches(own) &&
      !(element.type === 'radio' && !element.checked),
  );
  return all.map((element, at) => {
    element.dataset.reach = String(at);
    return element.tagName.toLowerCase() + ' ' +
      (element.getAttribute('aria-label') || element.textContent || element.name || element.className).slice(0, 60);
  });
})()`;

/** The mark of what has the focus, and whether it can be seen that it has it. */
const FOCUS = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const around = element.closest('.filter');
  // The browser marks the part of a date that has the focus.
  const ring = element.type === 'datetime-local' || (outlineStyle !== 'none' && outlineWidth !== '0px');
  const seen = around ? getComputedStyle(around).boxShadow !== 'none' : ring;
  return [element.dataset.reach ?? null, seen];
})()`;

/** What the mouse alone can press: elements with a handler that are no control and lie in none. */
const MOUSE_ONLY = `[...document.querySelectorAll('#root *')].filter((element) => {
  const props = element[Object.keys(element).find((key) => key.startsWith('__reactProps'))];
  const control = 'a, button, input, select, textarea, summary, [tabindex]';
  return typeof props?.onClick === 'function' && !element.matches(control);
}).map((element) => element.getAttribute('class') || element.getAttribute('role') || element.tagName)`;

/**
 * Handlers that keys have another way to: rows of the list (`j`, Enter), completions (arrows), the ruler of hits (`n`),
 * the map of cells (arrows), the bench's chart (its tables have the links).
 */
const OTHER_WAYS = new Set(['grid__row', 'menu__item', 'ruler', 'cells', 'img']);

async function expectReachable(page: Page, path: string): Promise<void> {
  const words = await page.evaluate<string[]>(MARK);
  expect(words.length, path).toBeGreaterThan(10);
  await page.evaluate('document.querySelector(".frame__skip").focus()');
  const reached = new Set<string>();
  const unseen = new Set<string>();
  // A field of a date is several stops.
  for (let step = 0; step < 2 * words.length + 40 && reached.size < words.length; step += 1) {
    const [mark, seen] = await page.evaluate<[string | null, boolean]>(FOCUS);
    if (mark !== null) reached.add(mark);
    if (mark !== null && !seen) unseen.add(words[Number(mark)] ?? mark);
    await page.keyboard.press('Tab');
  }
  expect(
    words.filter((_, at) => !reached.has(String(at))),
    `${path}: Tab does not come to these`,
  ).toEqual([]);
  expect([...unseen], `${path}: it cannot be seen that these have the focus`).toEqual([]);
  const mouse = await page.evaluate<string[]>(MOUSE_ONLY);
  expect(
    mouse.filter((name) => !OTHER_WAYS.has(name.split(' ')[0] ?? '')),
    `${path}: only a mouse presses these`,
  ).toEqual([]);
}

describe('without a mouse', () => {
  it('Tab comes to everything on every screen, and shows where it is', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, '/');
    for (const [path, text] of screens()) {
      await page.goto(`/ui${path}`);
      await shows(page, text);
      await expectReachable(page, path);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  it('any part of the timeline is come to, and its jobs are listed', async () => {
    const { page, context } = await openScreen(browser, api.url, '/timeline?period=1h');
    await shows(page, 'Draw over the lanes to choose a part.');
    const length = (): number => {
      const { searchParams } = new URL(page.url());
      return Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '');
    };
    await page.keyboard.press('+');
    await expectEventually(() => expect(length()).toBe(1_800_000));
    await shows(page, /^30m from /);
    await page.keyboard.press('+');
    await expectEventually(() => expect(length()).toBe(900_000));
    await shows(page, /^15m from /);
    const end = (): number => Date.parse(new URL(page.url()).searchParams.get('to') ?? '');
    const before = end();
    await page.keyboard.press('[');
    await expectEventually(() => expect([end(), length()]).toEqual([before - 450_000, 900_000]));
    await page.keyboard.press('-');
    await shows(page, /^30m from /);
    expect(length()).toBe(1_800_000);
    await page.getByRole('link', { name: 'Jobs that ended in it' }).press('Enter');
    await page.waitForURL(/\/jobs\?finished_after=.+&finished_before=/);
    await context.close();
  });
});

describe('a browser that asks for less motion', () => {
  /** Opens the list of jobs while its answer is held back: what waits shows as bones. */
  async function waits(motion: 'reduce' | 'no-preference'): Promise<number> {
    const { page, context } = await openScreen(browser, api.url, '/queues', { motion });
    await shows(page, 'nowhere');
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/v1/jobs?**', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await page.locator('.bone').first().waitFor();
    const moves = await page.evaluate<number>('document.getAnimations().length');
    answer();
    await shows(page, 'goes on');
    await context.close();
    return moves;
  }

  it('sees nothing that moves while something is waited for, and another one does', async () => {
    expect(await waits('reduce')).toBe(0);
    expect(await waits('no-preference')).toBeGreaterThan(0);
  });

  it('sees no part of any screen that would move, whatever happens to it', async () => {
    const { page, context } = await openScreen(browser, api.url, '/');
    for (const [path, text] of screens()) {
      await page.goto(`/ui${path}`);
      await shows(page, text);
      const moving = await page.evaluate<string[]>(`[...document.querySelectorAll('*')].filter((element) => {
        const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element);
        return animationName !== 'none' || scrollBehavior === 'smooth' ||
          transitionDuration.split(',').some((time) => Number.parseFloat(time) > 0);
      }).map((element) => element.className)`);
      expect(moving, path).toEqual([]);
    }
    await context.close();
  });
});

describe('Now on a wall', () => {
  it('fills a wide screen without the side bar, larger, and lets what it shows be named', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, '/', { width: 3_840 });
    const slot = page.getByRole('link', { name: /^goes on, running, of anonymous in default, 2 GPUs$/ });
    await slot.waitFor();
    expect([await slot.getAttribute('title'), await slot.textContent()]).toEqual([
      'goes on, running, of anonymous in default, 2 GPUs',
      'G',
    ]);
    const sizes = (): Promise<number[]> =>
      page.evaluate(`['.figure__value', '.now', '.slot'].map((name) => {
        const element = document.querySelector(name);
        const { height, fontSize } = getComputedStyle(element);
        return Number.parseFloat(name === '.slot' ? height : fontSize);
      })`);
    const before = await sizes();
    await page.goto('/ui/?wall');
    await slot.waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    for (const [at, size] of (await sizes()).entries()) expect(size).toBeGreaterThan((before[at] ?? 0) * 1.2);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    // What waits leads to its list, from its number and from how long the oldest has waited.
    const strip = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'nowhere', exact: true }) });
    const figures = await strip.locator('.figure a').all();
    expect(await Promise.all(figures.map((link) => link.getAttribute('href')))).toEqual([
      '/ui/jobs?state=queued&queue=nowhere',
      '/ui/jobs?state=claimed%2Crunning%2Ccancelling&queue=nowhere',
      '/ui/jobs?state=queued&queue=nowhere',
      '/ui/jobs?state=failed&queue=nowhere&finished_after=1h',
    ]);
    expect(errors).toEqual([]);
    await context.close();
  });
});
