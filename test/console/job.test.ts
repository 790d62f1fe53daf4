import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, expectAccessibleInEachLook, openScreen, shows, stateOf, submit } from './support.js';

let stack: Stack;
let browser: Browser;
/** Runs of one name, oldest first. */
const runs: string[] = [];
let lives: string;
/** A job that counts for 20 s, and tells how far it is. */
let counts: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([
    Stack.start({ env: { DROVER_SAMPLE_PERIOD: '1' }, workers: [{ name: 'node-1', queues: 'default', slots: 3 }] }),
    openBrowser(),
  ]);
  for (const memory_mb of [256, 256, 512, 512]) {
    const id = await submit(stack.url, {
      name: 'nightly',
      command: runs.length === 3 ? 'sleep 3' : 'sleep 0.2',
      resources: { memory_mb },
    });
    runs.push(id);
    await expectEventually(async () => expect(await stateOf(stack.url, id)).toBe('succeeded'), { withinMs: 30_000 });
  }
  const push = `curl -fsS --data-binary @- "$DROVER_METRICS_URL" >/dev/null`;
  counts = await submit(stack.url, {
    name: 'counts',
    command: `for i in $(seq 1 40); do printf '# TYPE items_total counter\\nitems_total %d\\n' $((i * 10)) | ${push}; echo "item $i"; sleep 0.5; done`,
  });
  lives = await submit(stack.url, { name: 'lives', command: 'sleep 120' });
  await expectEventually(async () => expect(await stateOf(stack.url, lives)).toBe('running'), { withinMs: 30_000 });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

describe('the screen of a job', () => {
  it('shows each step beside what it mostly takes in the queue, and its run beside those of its command', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${runs[2]}`);
    const steps = page.getByRole('region', { name: 'Phases' });
    const step = (name: string) => steps.locator('dl > div').filter({ hasText: name });
    await step('Running')
      .getByText(/^0\.\ds mostly 0\.\ds/)
      .waitFor();
    // No run before it had this command: the others of the queue say nothing about it.
    await page.goto(`/ui/jobs/${runs[3]}`);
    await step('Running')
      .getByText(/^3\.\ds$/)
      .waitFor();
    await step('Queued')
      .getByText(/ mostly /)
      .waitFor();
    expect(await steps.locator('dt').allTextContents()).toEqual(['Accepted', 'Queued', 'Claimed', 'Running', 'Result']);
    await context.close();
  });

  it('leads by [ and ] to the run before and after, and stays on its tab', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${runs[2]}?tab=spec`);
    const differs = page.getByRole('region', { name: 'What differs from the previous run' });
    expect(await differs.getByRole('row').last().innerText()).toMatch(/resources\.memory_mb\s+256\s+512/);
    await expectAccessible(page, 'difference');
    await page.keyboard.press('[');
    await page.waitForURL(`**/jobs/${runs[1]}?tab=spec`);
    await shows(page, /^It asks for the same as/);
    await expectAccessible(page, 'no difference');
    await page.getByRole('link', { name: 'Next run' }).click();
    await page.waitForURL(`**/jobs/${runs[2]}?tab=spec`);
    await page.getByRole('link', { name: 'Next run' }).waitFor();
    await page.keyboard.press(']');
    await page.waitForURL(`**/jobs/${runs[3]}?tab=spec`);
    await page.getByRole('tab', { name: 'Runs' }).click();
    await shows(
      page,
      /^These have the same name; none ran this command\. Of the 3 runs before it that succeeded, eight in ten took/,
    );
    await expectAccessible(page, 'runs');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows no heading of keys without a key', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${lives}`);
    await page.getByRole('heading', { name: 'lives' }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await sheet.getByRole('heading', { name: 'Everywhere' }).waitFor();
    expect(await sheet.getByRole('heading', { name: 'Other runs' }).count()).toBe(0);
    await page.goto(`/ui/jobs/${runs[2]}`);
    await page.getByRole('link', { name: 'Next run' }).waitFor();
    await page.keyboard.press('?');
    await sheet.getByRole('heading', { name: 'Other runs' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says in words what was asked for and not used', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${runs[3]}?tab=charts`);
    await shows(page, /^It asked for 512 MiB of memory and used .+ %/);
    await shows(page, /^It ran for 3\.\ds: nine in ten of the 3 runs before it that succeeded took at most/);
    await page.getByRole('slider', { name: 'Memory over time' }).waitFor();
    await expectAccessible(page, 'charts');
    await context.close();
  });

  it('leads from a point of a chart to the line of its time, and from a line to its place in the charts', async () => {
    const id = await submit(stack.url, {
      name: 'ticks',
      command: 'for i in $(seq 1 24); do echo "tick $i"; sleep 0.25; done',
    });
    await expectEventually(async () => expect(await stateOf(stack.url, id)).toBe('succeeded'), { withinMs: 30_000 });
    const { lines } = (await (await fetch(`${stack.url}/api/v1/jobs/${id}/logs/lines?from=1&count=100`)).json()) as {
      lines: { number: number; at: string }[];
    };
    const { samples } = (await (await fetch(`${stack.url}/api/v1/jobs/${id}/metrics`)).json()) as {
      samples: { at: string }[];
    };
    expect(samples.length).toBeGreaterThan(3);
    /** The number of the first line from a time on; the last one behind it. */
    const lineAt = (at: string): number => lines.find((line) => line.at >= at)?.number ?? lines.length;
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${id}?tab=charts`);
    const chart = page.getByRole('slider', { name: 'Memory over time' });
    await chart.waitFor();
    const over = await page.locator('.chart .u-over').first().boundingBox();
    if (!over) throw new Error('The chart has no place on the page.');
    await page.mouse.click(over.x + over.width / 2, over.y + over.height / 2);
    await page.locator('.line[data-chosen]').waitFor();
    const chosen = Number(await page.locator('.line[data-chosen]').getAttribute('data-line'));
    expect(samples.map(({ at }) => lineAt(at))).toContain(chosen);
    expect(chosen).toBeGreaterThan(lineAt(samples[0]?.at ?? ''));
    expect(chosen).toBeLessThan(lineAt(samples.at(-1)?.at ?? ''));
    await expectEventually(() => expect(new URL(page.url()).hash).toBe(`#L${chosen}`));

    // Back: another line, by its number, and its place in each chart.
    await page.locator('.line[data-line="5"] .line__number').click();
    await page.getByRole('tab', { name: 'Charts' }).click();
    await expectEventually(() => expect(new URL(page.url()).searchParams.get('at')).toBe(lines[4]?.at));
    await shows(page, /^Marked: .+ after its start$/);
    expect(await page.locator('.chart__mark:visible').count()).toBe(await page.locator('.chart').count());
    await expectAccessible(page, 'marked charts');
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.locator('.line[data-line="5"][data-chosen]').waitFor();

    // Without a mouse: through the readings by keys, and to the log by Enter.
    await page.getByRole('link', { name: 'In the charts' }).click();
    await chart.press('Home');
    await chart.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuenow')).toBe('1');
    await chart.press('Enter');
    const line = lineAt(samples[1]?.at ?? '');
    await page.locator(`.line[data-line="${line}"][data-chosen]`).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows what the job itself counted, beside what it used', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/jobs/${counts}?tab=charts`);
    const chart = page.getByRole('slider', { name: 'items_total a second over time' });
    await chart.waitFor({ timeout: 60_000 });
    await chart.press('End');
    // Ten for each half second. A loaded machine pushes late, and then twice as much in half the time; all that was
    // counted is far more.
    const [, value] = /^([\d.]+), /.exec((await chart.getAttribute('aria-valuetext')) ?? '') ?? [];
    expect(Number(value)).toBeGreaterThan(2);
    expect(Number(value)).toBeLessThanOrEqual(100);
    await expectAccessible(page, 'own counters');
    await chart.press('Enter');
    await page.locator('.line[data-chosen]', { hasText: /item \d+/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('breaks no rule of axe with its charts in either look, and fits a phone', async () => {
    const at = `&at=${new Date().toISOString()}`;
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${runs[3]}?tab=charts${at}`);
    await page.getByRole('slider', { name: 'Memory over time' }).waitFor();
    await shows(page, /^Marked: /);
    await expectAccessibleInEachLook(page, 'charts');
    await context.close();
  });

  it('says of a job that waits when it starts and why then', async () => {
    const start = new Date(Date.now() + 7_200_000).toISOString();
    const id = await submit(stack.url, { name: 'later', command: 'true', start_at: start });
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${id}`);
    await shows(page, /^It starts in .+, at its time; no job comes before it\.$/);
    await expectAccessible(page, 'waits');
    await context.close();
  });
});

describe('the timeline', () => {
  it('shows what ran on which node, and lists the jobs of a period that is drawn over it', async () => {
    for (const width of [390, 1_280]) {
      const { page, context, errors } = await openScreen(browser, stack.url, '/timeline?period=10m', { width });
      await page.getByRole('link', { name: /^lives, running, / }).waitFor();
      expect(await page.getByRole('link', { name: /^nightly, succeeded, / }).count()).toBe(4);
      await expectAccessible(page, `timeline ${width}`);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${width}`).toBe(true);
      const ticks = await page.evaluate<[left: number, right: number][]>(
        `[...document.querySelectorAll('.timeline__tick > span')].map((tick) => {
          const { left, right } = tick.getBoundingClientRect();
          return [left, right];
        })`,
      );
      expect(ticks.length).toBeGreaterThan(1);
      for (const [at, [left]] of ticks.entries()) expect(left).toBeGreaterThan(ticks[at - 1]?.[1] ?? -1);
      const box = await page.locator('.timeline__over').boundingBox();
      if (!box) throw new Error('The timeline has no place on the page.');
      await page.mouse.move(box.x + box.width * 0.3, box.y + box.height - 3);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.95, box.y + box.height - 3, { steps: 4 });
      await page.mouse.up();
      await shows(page, /^Drawn: /);
      await page.getByRole('link', { name: 'Jobs that ended in it' }).click();
      await page.waitForURL(/\/jobs\?finished_after=.+&finished_before=/);
      await page.getByRole('link', { name: 'nightly' }).first().waitFor();
      expect(errors).toEqual([]);
      await context.close();
    }
  });

  it('leads from a bar to its job, and keeps its period in the address', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/timeline');
    await page.getByRole('button', { name: '1d', exact: true }).click();
    await page.waitForURL(/\/timeline\?period=1d$/);
    await page.getByLabel('Node', { exact: true }).selectOption('node-1');
    await page.waitForURL(/period=1d&node=node-1$/);
    await page.getByRole('link', { name: /^lives, running, / }).press('Enter');
    await page.getByRole('heading', { name: 'lives' }).waitFor();
    await context.close();
  });
});

describe('the form for a job', () => {
  it('asks for an image, a job before it and a webhook, and the job has them', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/submit');
    await page.getByLabel('Command', { exact: true }).fill('make test');
    await page.getByLabel('Queue', { exact: true }).fill('nowhere');
    await page.getByLabel('Image', { exact: true }).fill('debian:12');
    const arrow = (): Promise<string> =>
      page.evaluate(`getComputedStyle([...document.querySelectorAll('summary')]
        .find((summary) => summary.textContent === 'When'), '::before').transform`);
    const closed = await arrow();
    expect(closed).toMatch(/^matrix/);
    await page.getByText('When', { exact: true }).click();
    expect(await arrow()).not.toBe(closed);
    await page.getByLabel('Starts after', { exact: true }).fill(`${runs[0]}\n`);
    await page.getByText('Told and kept', { exact: true }).click();
    await page.getByLabel('Webhook', { exact: true }).fill('nothing');
    await page.getByRole('button', { name: 'Submit' }).click();
    await shows(page, /^Webhook must/);
    expect(await page.getByLabel('Webhook', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Webhook', { exact: true }).fill('https://example.org/hook');
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
    const made = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(await (await fetch(`${stack.url}/api/v1/jobs/${made}`)).json()).toMatchObject({
      command: 'make test',
      queue: 'nowhere',
      image: 'debian:12',
      depends_on: [runs[0]],
      webhooks: [{ url: 'https://example.org/hook' }],
    });
    expect(errors).toEqual([]);
    await context.close();
  });
});
