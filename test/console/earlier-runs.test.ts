import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { expectAccessible, openScreen, shows, submit } from './support.js';

const MIB = 1024 * 1024;
/** How long the runs before took, seconds. */
const LENGTHS = [60, 90, 120, 150, 180, 240];
/** Readings of a run, and seconds between two. */
const READINGS = 6;
const STEP_S = 5;
const SLOTS = 4;

let api: TestApi;
let browser: Browser;
let agent: Awaited<ReturnType<typeof scriptedAgent>>;
/** The run whose screen is looked at: it read, wrote and used a GPU. */
let run: string;
/** The last of three that wait behind runs in every slot. */
let waiting: string;

beforeAll(async () => {
  [browser, api] = await Promise.all([openBrowser(), startApi()]);
  agent = await scriptedAgent(api.core, 'n1', ['train']);
  for (const [at, seconds] of LENGTHS.entries()) {
    const { id, execution } = await begin('train');
    await read(execution, { memory: (100 + at * 10) * MIB });
    await end(id, execution, seconds);
  }
  const last = await begin('train');
  run = last.id;
  await read(last.execution, { memory: 150 * MIB, gpu: 40 });
  await end(run, last.execution, 100);
  // The demand is shown; a node that has room is not what this file is about.
  await api.core.store.sql.run(
    `UPDATE job SET spec = jsonb_set(spec, '{resources}', '{"memory_mb": 200}') WHERE id = $1`,
    [run],
  );
  for (let slot = 0; slot < SLOTS; slot += 1) await begin(`goes on ${slot}`);
  for (let at = 0; at < 3; at += 1)
    waiting = await submit(api.url, { name: `waits ${at}`, queue: 'train', command: 'true' });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

async function begin(name: string): Promise<{ id: string; execution: ScriptedExecution }> {
  const id = await submit(api.url, { name, queue: 'train', command: './train' });
  return { id, execution: await (await agent.claim(id)).started() };
}

/** Readings of the last seconds. The totals of what it read and wrote grow by 1 and 2 MiB a second. */
async function read(execution: ScriptedExecution, { memory, gpu }: { memory: number; gpu?: number }): Promise<void> {
  const now = Date.now();
  const samples = Array.from({ length: READINGS }, (_, at) => ({
    at: new Date(now - (READINGS - at) * STEP_S * 1_000).toISOString(),
    cpu_percent: 50 + at,
    memory_bytes: memory - (READINGS - 1 - at) * MIB,
    read_bytes: at * STEP_S * MIB,
    write_bytes: at * STEP_S * 2 * MIB,
    cpu_seconds: null,
    processes: 1,
    gpu_percent: gpu === undefined ? null : gpu + at,
    gpu_memory_bytes: gpu === undefined ? null : 1_024 * MIB,
  }));
  const { execution_id, epoch } = execution.claim;
  const [answer] = await api.core.reports.apply(agent.agent.id, [{ execution_id, epoch, kind: 'samples', samples }]);
  expect(answer?.status).toBe(200);
}

/** It ends now, and has run for so long; its first byte came after a quarter of that. */
async function end(id: string, execution: ScriptedExecution, seconds: number): Promise<void> {
  await execution.ended();
  await api.core.store.sql.run(
    `UPDATE execution SET claimed_at = exited_at - make_interval(secs => $2) - interval '1 s',
       spawned_at = exited_at - make_interval(secs => $2),
       first_byte_at = exited_at - make_interval(secs => $2 * 0.75)
     WHERE job_id = $1`,
    [id, seconds],
  );
  await api.core.store.sql.run(
    `UPDATE job SET started_at = finished_at - make_interval(secs => $2),
       created_at = finished_at - make_interval(secs => $2) - interval '3 s',
       queued_at = finished_at - make_interval(secs => $2) - interval '2 s'
     WHERE id = $1`,
    [id, seconds],
  );
}

const chart = (page: Page, title: string) => page.locator('figure.chart').filter({ hasText: new RegExp(`^${title}`) });
/** The names of the lines of a chart. */
const lines = (page: Page, title: string): Promise<string[]> =>
  chart(page, title).locator('.u-legend .u-label').allTextContents();

describe('the charts of a job', () => {
  it('show CPU, memory with its limit, what was read and written, and the GPU, with the range of the last runs', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, `/jobs/${run}?tab=charts`);
    const last = async (title: string): Promise<string> => {
      const slider = page.getByRole('slider', { name: `${title} over time`, exact: true });
      await slider.press('End');
      return ((await slider.getAttribute('aria-valuetext')) ?? '').split(',')[0] ?? '';
    };
    await page.getByRole('slider', { name: 'Memory over time', exact: true }).waitFor();
    expect([
      await last('CPU, 100 % is one core'),
      await last('Memory'),
      await last('Read a second'),
      await last('Written a second'),
      await last('GPU'),
      await last('Memory of the GPU'),
    ]).toEqual(['55 %', '150 MiB', '1.0 MiB', '2.0 MiB', '45 %', '1.0 GiB']);
    expect(await lines(page, 'Memory')).toEqual(
      expect.arrayContaining(['Peaks of runs before, most', 'Peaks of runs before, least', 'Memory', 'Limit']),
    );
    expect(await lines(page, 'CPU')).toEqual(expect.arrayContaining(['Means of runs before, most']));
    expect(await lines(page, 'Read a second')).not.toContain('Limit');
    // While no point is chosen, the last reading stands below each.
    for (const title of ['Memory', 'Read a second'])
      expect((await chart(page, title).first().locator('.u-legend').innerText()).replace(/\s+/g, ' ')).not.toMatch(
        /--|–/,
      );
    await expectAccessible(page, 'all charts');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('have one cursor through all of them, which says the values of one time in each', async () => {
    const { page, context } = await openScreen(browser, api.url, `/jobs/${run}?tab=charts`);
    const over = chart(page, 'Memory').first().locator('.u-over');
    await over.waitFor();
    const box = await over.boundingBox();
    if (!box) throw new Error('The chart has no place on the page.');
    const cursors = (): Promise<[place: string, time: string, value: string][]> =>
      page.evaluate(`[...document.querySelectorAll('figure.chart')].map((chart) => {
        const values = [...chart.querySelectorAll('.u-legend .u-value')].map((value) => value.textContent);
        return [chart.querySelector('.u-cursor-x').style.transform, values[0], values.at(-1)];
      })`);
    for (const share of [0.3, 0.7]) {
      await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
      await expectEventually(async () => {
        const all = await cursors();
        expect(all.length).toBe(6);
        expect(new Set(all.map(([place]) => place)).size).toBe(1);
        expect(all[0]?.[0]).toMatch(/^translate\(\d{2,}/);
        expect(new Set(all.map(([, time]) => time)).size).toBe(1);
        for (const [, time, value] of all) expect(`${time} ${value}`).not.toMatch(/--|–/);
      });
    }
    await context.close();
  });
});

describe('the steps of an attempt', () => {
  it('have the time until the first output, beside what it mostly takes', async () => {
    const { page, context } = await openScreen(browser, api.url, `/jobs/${run}`);
    const steps = page.getByRole('region', { name: 'Phases' });
    await steps.getByText('First output').waitFor();
    expect(await steps.locator('dt').allTextContents()).toEqual([
      'Accepted',
      'Queued',
      'Claimed',
      'First output',
      'Running',
      'Result',
    ]);
    const [firstOutput] = await steps.locator('dl > div').filter({ hasText: 'First output' }).allInnerTexts();
    expect(firstOutput).toMatch(/25\.?\d*s\s+mostly/);
    await context.close();
  });
});

describe('a job behind others', () => {
  it('says its position, and from when to when it will start', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, `/jobs/${waiting}`);
    await shows(page, 'Position 3.');
    await shows(page, /^It starts roughly in .+ to .+ \(p50 to p90\)\./);
    await shows(page, /2 jobs come before it, 4 of 4 slots are busy, and half of the last 7 runs of the queue took/);
    await expectAccessible(page, 'waits for a slot');
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('what runs', () => {
  it('grows in the timeline, and has its expected end dashed', async () => {
    const { page, context } = await openScreen(browser, api.url, '/timeline?period=10m');
    await page.getByRole('link', { name: /^goes on 3, running, / }).waitFor();
    const expected = page.locator('.tracks__expected');
    // The newest period ends now: what comes is seen in one that goes beyond it.
    const to = new Date(Date.now() + 300_000).toISOString();
    await page.goto(`/ui/timeline?from=${new Date(Date.now() - 300_000).toISOString()}&to=${to}`);
    await page.getByRole('link', { name: /^goes on 3, running, / }).waitFor();
    await expectEventually(async () => expect(await expected.count()).toBe(SLOTS));
    expect(await expected.first().getAttribute('title')).toMatch(/^Expected to end in /);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.tracks__expected')).borderTopStyle`)).toBe(
      'dashed',
    );
    const width = async (): Promise<number> =>
      (await page.getByRole('link', { name: /^goes on 3, running, / }).boundingBox())?.width ?? 0;
    const before = await width();
    await expectEventually(async () => expect(await width()).toBeGreaterThan(before + 2));
    await context.close();
  });
});

describe('a node that was lost', () => {
  it('has that time shaded in the timeline', async () => {
    const lost = await scriptedAgent(api.core, 'n2', ['far']);
    const id = await submit(api.url, { name: 'was lost', queue: 'far', command: 'true' });
    await (await (await lost.claim(id)).started()).ended({ exit_code: 1 });
    await api.core.store.sql.run(
      `UPDATE execution SET cause = 'agent_lost', claimed_at = claimed_at - interval '3 min',
         finished_at = finished_at - interval '2 min'
       WHERE job_id = $1`,
      [id],
    );
    const { page, context, errors } = await openScreen(browser, api.url, '/timeline?period=10m');
    const node = page.locator('.tracks__node').filter({ has: page.getByRole('link', { name: 'n2', exact: true }) });
    await node.getByRole('img', { name: /^Lost for [2-9]m/ }).waitFor();
    expect(await page.locator('.tracks__away[data-why=lost]').count()).toBe(1);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.tracks__away')).backgroundImage`)).toContain(
      'repeating-linear-gradient',
    );
    await expectAccessible(page, 'a node that was lost');
    expect(errors).toEqual([]);
    await context.close();
  });
});
