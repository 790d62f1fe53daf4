import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { ask, FakeNode, jobDesc } from '../support/fake-node.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, expectAccessibleInEachLook, openScreen, shows, stateOf, submit } from './support.js';

/** Runs when it becomes an element; whatever shows it must show it as it is written. */
const EVIL = '<img src=x onerror="document.title=\'run\'">';
/** One command for all runs, so that they have a median; its work comes from without. */
const COMMAND = 'eval "$WORK"';
const IDLE = 'sleep 3';
/** Takes twice as long, all of a core, and memory. */
const BUSY = 'timeout 6 sh -c "while :; do :; done"; head -c 60000000 /dev/zero | tail -c 1 > /dev/null; true';

let stack: Stack;
let browser: Browser;
/** Idle runs, oldest first, and the last one, which is busy. */
const idle: string[] = [];
let busy: string;
let evil: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([
    Stack.start({ env: { DROVER_SAMPLE_PERIOD: '1' }, workers: [{ name: 'node-1', queues: 'default', slots: 4 }] }),
    openBrowser(),
  ]);
  const run = async (body: object): Promise<string> => {
    const id = await submit(stack.url, body);
    await expectEventually(async () => expect(await stateOf(stack.url, id)).toBe('succeeded'), { withinMs: 40_000 });
    return id;
  };
  // One after the other: the list and the last runs have the order of their ends.
  for (let n = 0; n < 3; n += 1) idle.push(await run({ name: 'solve', command: COMMAND, env: { WORK: IDLE } }));
  busy = await run({ name: 'solve', command: COMMAND, env: { WORK: BUSY } });
  evil = await run({ name: EVIL, command: 'true' });
  const node = await FakeNode.register(stack.url, 'n1');
  const labelled = `io_total{op="${EVIL.replaceAll('"', '\\"')}"}`;
  for (const [id, value] of [
    ['outside-1', 10],
    ['outside-2', 30],
  ] as const) {
    await node.job(id, { [labelled]: value }, { desc: jobDesc(id, { command: `./app ${EVIL}` }) });
    await node.job(id, { [labelled]: value }, { live: false });
    await expectEventually(async () => expect((await ask(stack.url, `/api/v1/profiles/${id}`)).status).toBe(200), {
      withinMs: 30_000,
    });
  }
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

describe('the list of profiles', () => {
  it('has jobs with their figures, and compares two that are chosen by keys', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/jobs');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL('**/ui/profiles');
    await page.getByRole('heading', { name: 'Profiles' }).waitFor();
    const row = page.getByRole('row').filter({ has: page.locator(`[href$="/jobs/${busy}"]`) });
    expect(await row.innerText()).toMatch(/solve[\s\S]+succeeded[\s\S]+[67]\.\ds[\s\S]+MiB/);
    await page.keyboard.press('/');
    await page.keyboard.type('solve');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/profiles?q=solve');
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(4);
    for (const id of [idle[2], busy]) {
      await page.getByRole('checkbox', { name: new RegExp(String(id)) }).focus();
      await page.keyboard.press('Space');
    }
    await expectAccessible(page, 'chosen');
    await page.getByRole('link', { name: 'Compare the two' }).waitFor();
    await page.getByRole('link', { name: 'Compare the two' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/profiles/compare?a=${busy}&b=${idle[2]}`);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('has the one that the palette found', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/jobs');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find anything' }).fill('solve');
    const found = page.getByRole('group', { name: 'Profiles' }).getByRole('option');
    await expect.poll(() => found.count()).toBe(4);
    await found.first().click();
    await page.waitForURL(`**/profiles?q=${busy}`);
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps its filter in the address, and says when nothing fits', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/profiles?q=nothing-is-called-so');
    await shows(page, 'No profile fits this filter.');
    await page.goto('/ui/profiles?q=outside&finished_after=1h');
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(2);
    await page.getByLabel('Ended').selectOption('7d');
    await page.waitForURL('**/profiles?q=outside&finished_after=7d');
    await context.close();
  });

  it('is accessible in either look, on a phone too', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/profiles');
    await shows(page, 'Choose two to compare them.');
    await expectAccessibleInEachLook(page, 'profiles');
    await page.goto(`/ui/profiles/compare?a=${busy}&b=median`);
    await page.getByRole('img', { name: 'Memory over time' }).waitFor();
    await expectAccessibleInEachLook(page, 'compare');
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('a comparison', () => {
  const figure = (page: Page, name: string) =>
    page
      .getByRole('region', { name: /^(Figures|Metrics)$/ })
      .getByRole('row')
      .filter({ hasText: name });

  it('of two runs has the ratio of every figure, in words where less is better, and both over time', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/profiles/compare?a=${busy}&b=${idle[2]}`);
    await figure(page, 'Time it took').waitFor();
    expect(await figure(page, 'Time it took').innerText()).toMatch(/[67]\.\ds\s+3\.\ds\s+▲\s+[12](\.\d+)?× worse/);
    expect(await figure(page, 'CPU time').innerText()).toContain('it is above');
    expect(await figure(page, 'Tasks').innerText()).toMatch(/1\s+1\s+1×/);
    // Of this nobody can say what is better.
    expect(await figure(page, 'CPU, most').innerText()).not.toMatch(/worse|better/);
    // The ranges are of the other runs of the command, which are idle.
    expect(await figure(page, 'Time it took').innerText()).toMatch(/3\.\ds.*it is above/);
    const charts = page.getByRole('region', { name: 'Over time' });
    for (const name of ['CPU, 100 % is one core over time', 'Memory over time'])
      await charts.getByRole('img', { name }).locator('canvas').waitFor();
    const legend = await charts.getByRole('img', { name: 'Memory over time' }).innerText();
    for (const label of ['Since the start', 'This run', 'Other run', 'Last 3 runs, most'])
      expect(legend).toContain(label);
    await page.getByRole('link', { name: 'Swap' }).click();
    await page.waitForURL(`**/profiles/compare?a=${idle[2]}&b=${busy}`);
    await expect.poll(() => figure(page, 'Time it took').innerText()).toMatch(/▼\s+0\.\d+× better/);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('with the median of the command is a link on the screen of a job, and leads to other runs', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${busy}?tab=charts`);
    await page.getByRole('link', { name: 'Compare with the last runs' }).click();
    await page.waitForURL(`**/profiles/compare?a=${busy}&b=median`);
    await page.getByRole('heading', { name: 'Median of the last 3 runs' }).waitFor();
    expect(await figure(page, 'Time it took').innerText()).toMatch(/[67]\.\ds\s+3\.\ds\s+▲\s+[12](\.\d+)?× worse/);
    await page.getByLabel('Compare with').selectOption(String(idle[0]));
    await page.waitForURL(`**/profiles/compare?a=${busy}&b=${idle[0]}`);
    await page.getByRole('region', { name: 'Other run' }).getByRole('link', { name: 'solve' }).click();
    await page.waitForURL(`**/jobs/${idle[0]}`);
    await page.goto(`/ui/jobs/${busy}?tab=runs`);
    await page.getByRole('link', { name: 'Compare with it' }).first().click();
    await page.waitForURL(`**/profiles/compare?a=${busy}&b=${idle[2]}`);
    await context.close();
  });

  it('of a run that is gone, or alone of its command, says so in the words of the API', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/profiles/compare?a=nobody&b=median');
    await shows(page, 'There is no profile of nobody.');
    await page.goto(`/ui/profiles/compare?a=${evil}&b=median`);
    await shows(page, /^There is no other profile of the command of/);
    await page.goto('/ui/profiles/compare');
    await shows(page, 'No run is chosen.');
    await context.close();
  });

  it('shows names of jobs, commands and metrics as texts, whatever they are made of', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/profiles');
    await shows(page, EVIL);
    await page.goto('/ui/profiles/compare?a=outside-2&b=outside-1');
    await figure(page, 'io_total{op="<img src=x').waitFor();
    expect(await figure(page, 'io_total{op="<img src=x').innerText()).toMatch(/30\s+10\s+3×/);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Compare - Drover');
    expect(errors).toEqual([]);
    await context.close();
  });
});
