import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, expectAccessibleInEachLook, openScreen, shows, stateOf, submit } from './support.js';

const MANY = 3_000;

let stack: Stack;
let browser: Browser;
let parent: string;
/** The children, oldest first: most wait, the first one failed, the second succeeded. */
let children: string[];

async function batch(jobs: object[]): Promise<string[]> {
  const answer = await fetch(`${stack.url}/api/v1/jobs/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobs }),
  });
  return ((await answer.json()) as { ids: string[] }).ids;
}

beforeAll(async () => {
  [stack, browser] = await Promise.all([
    Stack.start({
      workers: [
        { name: 'node-1', queues: 'default', slots: 2 },
        { name: 'node-2', queues: 'default', slots: 2 },
      ],
    }),
    openBrowser(),
  ]);
  await submit(stack.url, { name: 'older', queue: 'nowhere', command: 'true' });
  parent = await submit(stack.url, { name: 'sweep', queue: 'nowhere', command: 'true' });
  children = await batch(
    Array.from({ length: MANY }, (_, at) => ({
      name: `part ${at}`,
      queue: at < 2 ? 'default' : 'nowhere',
      command: at === 0 ? 'exit 3' : 'true',
      parent_id: parent,
    })),
  );
  await submit(stack.url, { name: 'newer', queue: 'nowhere', command: 'true' });
  for (const [at, state] of ['failed', 'succeeded'].entries())
    await expectEventually(async () => expect(await stateOf(stack.url, children[at] ?? '')).toBe(state), {
      withinMs: 30_000,
    });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const names = (page: Page): Promise<string[]> => page.locator('.grid__row').allInnerTexts();

describe('a family in the list of jobs', () => {
  it('is one row with a bar of all its states, however many pages it fills', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/jobs');
    await page.getByRole('button', { name: '3,000 jobs of one parent' }).waitFor();
    const bar = page.locator('.grid__family').getByRole('img');
    expect(await bar.getAttribute('aria-label')).toBe('2998 queued, 1 succeeded, 1 failed');
    // Ten pages of the family are read, then somebody is asked.
    for (let times = 0; times < 2; times += 1) await page.getByRole('button', { name: 'Read on' }).click();
    await page.getByRole('link', { name: 'older' }).waitFor();
    expect((await names(page)).length).toBe(4);
    await expectAccessible(page, 'folded');
    // Opened, it shows those of its page; the link shows them all.
    await page.getByRole('button', { name: '3,000 jobs of one parent' }).click();
    await shows(page, `part ${MANY - 1}`);
    await page.getByRole('link', { name: 'all 3,000' }).click();
    await page.waitForURL(new RegExp(`/jobs\\?parent=${parent}$`));
    await shows(page, `part ${MANY - 1}`);
    await page.getByRole('link', { name: 'newer' }).waitFor({ state: 'detached' });
    expect((await names(page)).length).toBeGreaterThan(10);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says how many fit where the list is filtered', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/jobs?queue=default');
    // Two of one parent stand as they are.
    await shows(page, 'part 1');
    expect((await names(page)).length).toBe(2);
    await context.close();
  });
});

describe('the screen of a parent', () => {
  it('counts its children, and each number is a link to their list', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${parent}`);
    const family = page.getByRole('region', { name: 'Family' });
    await family.getByRole('link', { name: '3,000 children' }).waitFor();
    await family.getByRole('link', { name: '1 failed' }).click();
    await page.waitForURL(new RegExp(`/jobs\\?state=failed&parent=${parent}$`));
    await expectEventually(async () => expect((await names(page)).length).toBe(1));
    await page.getByRole('link', { name: 'part 0', exact: true }).click();
    await page.getByRole('link', { name: 'its family' }).waitFor();
    await context.close();
  });

  it('has a map with a cell for each, which hover names, keys reach, and a press opens', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${parent}`);
    const map = page.getByRole('group', { name: 'Children, oldest first: 3,000 of them' });
    await map.waitFor();
    const canvas = map.locator('canvas');
    await expectEventually(async () => expect((await canvas.boundingBox())?.height).toBeGreaterThan(50));
    const place = await canvas.boundingBox();
    if (!place) throw new Error('The map has no place on the page.');
    // The first cell is the first child: it failed, in the colour of failures.
    await page.mouse.move(place.x + 4, place.y + 4);
    const link = map.getByRole('link');
    await expectEventually(async () =>
      expect(await link.getAttribute('title')).toMatch(/^part 0, failed, exit code 3, on node-[12]$/),
    );
    await shows(page, /^part 0, failed, exit code 3/);
    const [failed, bad, succeeded, good] = (await page.evaluate<number[][]>(`(() => {
      const canvas = document.querySelector('.cells canvas');
      const pixel = (x) => [...canvas.getContext('2d').getImageData(x * devicePixelRatio, 4 * devicePixelRatio, 1, 1).data];
      const probe = document.createElement('i');
      document.body.append(probe);
      const colour = (name) => {
        probe.style.color = 'var(' + name + ')';
        return getComputedStyle(probe).color.match(/\\d+/g).map(Number);
      };
      const seen = [pixel(4), colour('--bad'), pixel(14), colour('--good')];
      probe.remove();
      return seen;
    })()`)) as [number[], number[], number[], number[]];
    for (const [seen, wanted] of [
      [failed, bad],
      [succeeded, good],
    ] as const)
      for (const [at, part] of wanted.entries()) expect(Math.abs(part - (seen[at] ?? 0))).toBeLessThan(4);
    await expectAccessible(page, 'map');

    await link.focus();
    await page.keyboard.press('End');
    expect(await link.getAttribute('aria-label')).toBe(`part ${MANY - 1}, queued`);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await link.getAttribute('aria-label')).toMatch(/^part 1, succeeded, on node-[12]$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/jobs/${children[1]}$`));
    await page.goBack();
    await map.waitFor();
    await expectEventually(async () => expect((await canvas.boundingBox())?.height).toBeGreaterThan(50));
    await canvas.click({ position: { x: 24, y: 4 }, force: true });
    await page.waitForURL(new RegExp(`/jobs/${children[2]}$`));
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps the map as its children are by now', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${parent}`);
    const family = page.getByRole('region', { name: 'Family' });
    await family.getByRole('link', { name: '2,998 queued' }).waitFor();
    for (const id of children.slice(2, 5))
      await fetch(`${stack.url}/api/v1/jobs/${id}/cancel`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
    await family.getByRole('link', { name: '3 cancelled' }).waitFor();
    await context.close();
  });

  it('breaks no rule of axe in either look, and fits a phone', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${parent}`);
    await page.getByRole('group', { name: /^Children/ }).waitFor();
    await expectAccessibleInEachLook(page, 'family');
    await context.close();
  });
});

describe('several nodes', () => {
  it('stand below each other in the timeline, with the time shaded in which one was drained', async () => {
    const steer = (what: string): Promise<unknown> =>
      fetch(`${stack.url}/api/v1/agents/node-2/${what}`, { method: 'POST' });
    await steer('drain');
    const { page, context, errors } = await openScreen(browser, stack.url, '/timeline?period=10m');
    const node = (name: string) =>
      page.locator('.tracks__node').filter({ has: page.getByRole('link', { name, exact: true }) });
    await node('node-2')
      .getByRole('img', { name: /^Drained for / })
      .waitFor();
    const now = await openScreen(browser, stack.url, '/');
    await now.page.locator('.slots__node[data-state=draining]').getByText('draining', { exact: true }).waitFor();
    const slots = await now.page.evaluate<[name: string, look: string][]>(
      `[...document.querySelectorAll('.slots__node')].map((node) =>
        [node.querySelector('a').textContent, getComputedStyle(node.querySelector('.slot--free')).backgroundImage])`,
    );
    expect(slots).toEqual([
      ['node-1', 'none'],
      ['node-2', expect.stringContaining('repeating-linear-gradient')],
    ]);
    await expectAccessible(now.page, 'a node that is drained');
    await now.context.close();
    await steer('undrain');
    await expectEventually(async () => expect(await stateOfNode('node-2')).toBe('online'));
    expect(
      await node('node-1')
        .getByRole('img', { name: /^Drained for / })
        .count(),
    ).toBe(0);
    await page.reload();
    await node('node-2')
      .getByRole('img', { name: /^Drained for / })
      .waitFor();
    const ran = page.getByRole('link', { name: /^part [01], / });
    await expectEventually(async () => expect(await ran.count()).toBe(2));
    await expectAccessible(page, 'timeline of two nodes');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('show their load and their disk in the list of nodes', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/nodes');
    for (const name of ['node-1', 'node-2']) {
      const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
      await row.getByRole('img', { name: /^A load of [\d.]+ on \d+ CPUs?$/ }).waitFor();
      await row.getByRole('img', { name: /^[\d.]+ \w+ free of [\d.]+ \w+$/ }).waitFor();
    }
    await expectAccessible(page, 'nodes');
    await context.close();
  });
});

const stateOfNode = async (name: string): Promise<string> =>
  ((await (await fetch(`${stack.url}/api/v1/agents/${name}`)).json()) as { state: string }).state;

describe('a job on several nodes', () => {
  it('has a cell for each node, which leads to its log', async () => {
    const id = await submit(stack.url, {
      name: 'gang',
      command: 'echo "rank on $DROVER_NODE"; sleep 120',
      resources: { nodes: 2 },
    });
    await expectEventually(async () => expect(await stateOf(stack.url, id)).toBe('running'), { withinMs: 30_000 });
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${id}`);
    const link = page.getByRole('region', { name: 'Nodes of the job' }).getByRole('link');
    await expectEventually(async () => expect(await link.getAttribute('aria-label')).toBe('node-1, running'));
    await link.focus();
    await page.keyboard.press('ArrowRight');
    expect(await link.getAttribute('aria-label')).toBe('node-2, running');
    const { executions } = (await (await fetch(`${stack.url}/api/v1/jobs/${id}/executions`)).json()) as {
      executions: { id: string; node: string }[];
    };
    await page.keyboard.press('Enter');
    const there = executions.find(({ node }) => node === 'node-2')?.id;
    await page.waitForURL(new RegExp(`/jobs/${id}\\?execution=${there}$`));
    await shows(page, /^rank on/);
    // In the list it is one row, with a bar of its nodes.
    await page.goto('/ui/jobs?name=gang');
    const bar = page.getByRole('img', { name: 'On 2 nodes at once, running' });
    await bar.waitFor();
    expect(await bar.locator('span').count()).toBe(2);
    await expectAccessible(page, 'gang in the list');
    expect(errors).toEqual([]);
    await fetch(`${stack.url}/api/v1/jobs/${id}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await context.close();
  });
});
