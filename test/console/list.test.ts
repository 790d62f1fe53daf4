import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { expectAccessible, openScreen, shows, submit } from './support.js';

let api: TestApi;
let browser: Browser;

beforeAll(async () => {
  [browser, api] = await Promise.all([openBrowser(), startApi()]);
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

async function crowd(count: number, queue: string, name: string): Promise<void> {
  const jobs = Array.from({ length: count }, (_, at) => ({ name: `${name} ${at + 1}`, queue, command: 'true' }));
  const answer = await fetch(`${api.url}/api/v1/jobs/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobs }),
  });
  expect(answer.ok).toBe(true);
}

const jobOf = async (id: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${api.url}/api/v1/jobs/${id}`)).json()) as Record<string, unknown>;

describe('the filter of jobs', () => {
  it('offers owners, tags, exit codes and APIs that jobs have, and those that hold what is typed', async () => {
    const agent = await scriptedAgent(api.core, 'node-of-values', ['values']);
    const id = await submit(api.url, { queue: 'values', command: 'exit 41', tags: ['release-1', 'x,y'] });
    await submit(api.url, { queue: 'values', command: 'true', tags: ['release-1', 'release-2'] });
    await (await (await agent.claim(id)).started()).ended({ exit_code: 41 });
    const { page, context, errors } = await openScreen(browser, api.url, '/jobs?queue=values');
    await page.locator('.grid__row').first().waitFor();
    const offered = async (): Promise<string[]> =>
      (await page.getByRole('option').allInnerTexts()).map((text) => text.replace('\n', ' '));
    const field = page.getByRole('combobox', { name: 'Filter' });
    for (const [typed, options] of [
      ['tag:', ['tag:release-1 2 jobs', 'tag:release-2 1 job']],
      ['tag:SE-2', ['tag:release-2 1 job']],
      ['exit:4', ['exit:41 1 job']],
      ['owner:anon', [expect.stringMatching(/^owner:anonymous \d+ jobs$/)]],
      ['dialect:', [expect.stringMatching(/^dialect:native \d+ jobs$/)]],
    ] as const) {
      await field.fill(typed);
      await expectEventually(async () => expect(await offered(), typed).toEqual(options));
    }
    await expectAccessible(page, 'completion by values');
    await field.fill('exit:4');
    await page.getByRole('option', { name: 'exit:41' }).click();
    await expectEventually(() => expect(new URL(page.url()).search).toBe('?queue=values&exit=41'));
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps every token however fast they are typed', async () => {
    const { page, context } = await openScreen(browser, api.url, '/jobs');
    await page.getByRole('combobox', { name: 'Filter' }).focus();
    // One task of the page: nothing is drawn between the keys.
    await page.evaluate(`(() => {
      const field = document.activeElement;
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
      for (const text of ['queue:fast', 'owner:ada', 'tag:one', 'tag:two']) {
        set.call(field, text);
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      }
    })()`);
    await expectEventually(() => expect(new URL(page.url()).search).toBe('?queue=fast&owner=ada&tag=one%2Ctwo'));
    for (const token of ['queue:fast', 'owner:ada', 'tag:one', 'tag:two'])
      await page.getByRole('button', { name: `Take away ${token}` }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Take away tag:two' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Take away tag:one' }).waitFor();
    await context.close();
  });

  it('lists the jobs whose waits the first screen tells, by the link on each number', async () => {
    const agent = await scriptedAgent(api.core, 'node-of-waits', ['waits']);
    const id = await submit(api.url, { name: 'has waited', queue: 'waits', command: 'true' });
    await submit(api.url, { name: 'waits yet', queue: 'waits', command: 'true' });
    await (await agent.claim(id)).started();
    const { page, context } = await openScreen(browser, api.url, '/');
    const strip = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'waits', exact: true }) });
    for (const label of ['wait p50', 'wait p95']) {
      await strip.locator('.figure', { hasText: label }).getByRole('link').click();
      await page.waitForURL('**/jobs?queue=waits&started_after=1h');
      await page.getByRole('button', { name: 'Take away started>1h' }).waitFor();
      await shows(page, 'has waited');
      expect(await page.locator('.grid__row').count()).toBe(1);
      await page.goBack();
    }
    await context.close();
  });

  it('is completed by keys: the field first, then its value as the broker knows it', async () => {
    await scriptedAgent(api.core, 'node-of-filter', ['gamma']);
    await submit(api.url, { name: 'in gamma', queue: 'gamma', command: 'true' });
    const { page, context, errors } = await openScreen(browser, api.url, '/jobs');
    await shows(page, 'in gamma');
    const field = page.getByRole('combobox', { name: 'Filter' });
    const chosen = async (): Promise<string> => {
      const id = (await field.getAttribute('aria-activedescendant')) ?? '';
      return (await page.locator(`[id="${id}"]`).innerText()).split('\n')[0] ?? '';
    };
    await page.keyboard.press('/');
    // Each field of the filter is offered with what it means.
    expect((await page.getByRole('option').allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(
      expect.arrayContaining([
        'state:',
        'queue:',
        'node:',
        'owner:',
        'tag:',
        'cause:',
        'exit:',
        'dialect:',
        'created>',
        'created<',
      ]),
    );
    for (const [start, option, part, value, address] of [
      ['que', 'queue:', 'gam', 'queue:gamma', '?queue=gamma'],
      ['no', 'node:', 'of-f', 'node:node-of-filter', '?queue=gamma&node=node-of-filter'],
      ['ca', 'cause:', 'oom', 'cause:oom', '?queue=gamma&node=node-of-filter&cause=oom'],
    ] as const) {
      await page.keyboard.type(start);
      await page.keyboard.press('ArrowDown');
      expect(await chosen()).toBe(option);
      await page.keyboard.press('Enter');
      expect(await field.inputValue()).toBe(option);
      await page.keyboard.type(part);
      await page.getByRole('option', { name: value }).waitFor();
      await page.keyboard.press('ArrowDown');
      expect(await chosen()).toBe(value);
      await expectAccessible(page, `completion of ${option}`);
      await page.keyboard.press('Tab');
      await expectEventually(() => expect(new URL(page.url()).search).toBe(address));
      await page.getByRole('button', { name: `Take away ${value}` }).waitFor();
    }
    for (const gone of ['cause:oom', 'node:node-of-filter']) {
      await page.keyboard.press('Backspace');
      await page.getByRole('button', { name: `Take away ${gone}` }).waitFor({ state: 'detached' });
    }
    await page.keyboard.type('created>2h');
    await page.keyboard.press('Enter');
    await expectEventually(() => expect(new URL(page.url()).search).toBe('?queue=gamma&created_after=2h'));
    await shows(page, 'in gamma');
    await page.getByRole('button', { name: 'Take away created>2h' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('created<2h');
    await page.keyboard.press('Enter');
    await shows(page, 'No job fits this filter.');
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('the timeline', () => {
  it('halves its period for each key, however fast they come', async () => {
    const { page, context } = await openScreen(browser, api.url, '/timeline?period=1d');
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await page.evaluate(`for (const key of ['+', '+', '+', '-', '['])
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);
    await page.waitForURL(/from=/);
    const { searchParams } = new URL(page.url());
    const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name) ?? '')) as [number, number];
    expect(to - from).toBe(6 * 3_600_000);
    expect(Date.now() - to).toBeGreaterThan(2.9 * 3_600_000);
    await context.close();
  });
});

describe('the palette', () => {
  it('finds an alarm and a target by their names', async () => {
    const post = async (path: string, body: object): Promise<{ id: string }> => {
      const answer = await fetch(`${api.url}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status, path).toBe(201);
      return (await answer.json()) as { id: string };
    };
    const alarm = await post('/alarms', {
      name: 'memory of builds',
      queue: 'builds',
      metric: 'job_memory_bytes',
      operator: '>',
      threshold: 1,
    });
    const { page, context, errors } = await openScreen(browser, api.url, '/jobs');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find anything' }).fill('of builds');
    await page.getByRole('option', { name: 'memory of builds' }).waitFor();
    await expectAccessible(page, 'palette with an alarm');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/alarms/${alarm.id}`);
    await page.getByRole('heading', { name: 'memory of builds' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('the list of jobs', () => {
  it('has the columns that somebody chose, also after the page was loaded anew', async () => {
    await submit(api.url, { name: 'with tags', queue: 'columns', command: 'true', tags: ['red', 'blue'] });
    const { page, context } = await openScreen(browser, api.url, '/jobs?queue=columns');
    await shows(page, 'with tags');
    const heads = (): Promise<string[]> => page.getByRole('columnheader').allTextContents();
    expect(await heads()).toEqual([
      'Selected',
      'State',
      'Job',
      'Exit',
      'Why',
      'Queue',
      'Node',
      'Owner',
      'Created',
      'Ran',
    ]);
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByLabel('Tags', { exact: true }).check();
    for (const name of ['Why', 'Node', 'Ran']) await page.getByLabel(name, { exact: true }).uncheck();
    // Keys that are pressed in the panel do nothing to the list behind it.
    await page.keyboard.press('j');
    expect(await page.locator('.grid__row[data-active]').count()).toBe(0);
    await page.keyboard.press('Escape');
    await shows(page, 'red, blue');
    await page.reload();
    await shows(page, 'red, blue');
    expect(await heads()).toEqual(['Selected', 'State', 'Job', 'Exit', 'Queue', 'Owner', 'Created', 'Tags']);
    await context.close();
  });

  it('tells times as distances, and exactly on hover', async () => {
    const id = await submit(api.url, { name: 'timed', queue: 'times', command: 'true' });
    const { page, context } = await openScreen(browser, api.url, '/jobs?queue=times');
    const time = page.locator('.grid__row time');
    await time.waitFor();
    expect(await time.textContent()).toMatch(/^(now|\d+s ago)$/);
    expect(await time.getAttribute('datetime')).toBe((await jobOf(id))['created_at']);
    expect(await time.getAttribute('title')).toMatch(/\b20\d\d\b.*\d:\d\d:\d\d/);
    await context.close();
  });

  it('counts new jobs in a bar, and moves no row until somebody asks', async () => {
    await crowd(60, 'news', 'old');
    const { page, context } = await openScreen(browser, api.url, '/jobs?queue=news');
    await shows(page, 'old 60');
    await page.evaluate(`document.querySelector('.grid').scrollTop = 640`);
    const row = page.locator('.grid__row').filter({ has: page.getByRole('link', { name: 'old 35', exact: true }) });
    const place = async (): Promise<number | undefined> => (await row.boundingBox())?.y;
    await row.waitFor();
    const before = await place();
    await crowd(18, 'news', 'new');
    const bar = page.getByRole('button', { name: '18 new jobs: show them' });
    await bar.waitFor();
    expect(await place()).toBe(before);
    await expectAccessible(page, 'new jobs');
    await bar.click();
    await shows(page, 'new 18');
    await bar.waitFor({ state: 'detached' });
    await context.close();
  });

  it('cancels all of more than a thousand selected jobs, by the key as by the button', async () => {
    const parent = await submit(api.url, { name: 'whole', queue: 'parents', command: 'true' });
    const jobs = Array.from({ length: 1_150 }, (_, at) => ({
      name: `of whole ${at + 1}`,
      queue: 'thousand',
      command: 'true',
      parent_id: parent,
    }));
    await fetch(`${api.url}/api/v1/jobs/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jobs }),
    });
    const { page, context, errors } = await openScreen(browser, api.url, '/jobs?queue=thousand');
    await page.locator('.grid__row').first().waitFor();
    const further = page.getByRole('button', { name: 'Read on' });
    await expectEventually(
      async () => {
        // The button may go while it is looked at: the pages behind it come by themselves then.
        if (await further.isVisible()) await further.click({ timeout: 1_000 }).catch(() => undefined);
        expect(await page.getByText('1,150 read, all there are').count()).toBe(1);
      },
      { withinMs: 60_000 },
    );
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await shows(page, '1,150 jobs selected');
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Cancel 1,150 jobs' }).waitFor();
    await page.getByRole('button', { name: 'Leave them' }).click();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel 1,150 jobs' }).click();
    await shows(page, '1,150 of 1,150: 1,150 changed, 0 skipped');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('changes the priority of those that are selected, tags them, and removes a tag', async () => {
    const ids: string[] = [];
    for (const name of ['one', 'two']) ids.push(await submit(api.url, { name, queue: 'changed', command: 'true' }));
    const { page, context } = await openScreen(browser, api.url, '/jobs?queue=changed');
    await shows(page, 'two');
    for (const [act, label, value, button] of [
      ['Priority', 'The new priority; higher runs first', '7', 'Change the priority of 2 jobs'],
      ['Tag', 'The tag', 'chosen', 'Tag 2 jobs'],
      ['Tag', 'The tag', 'passing', 'Tag 2 jobs'],
      ['Remove a tag', 'The tag', 'passing', 'Remove a tag from 2 jobs'],
    ] as const) {
      for (const name of ['one', 'two']) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
      await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: act, exact: true }).click();
      const question = page.getByRole('dialog');
      expect(await question.getByRole('button', { name: button, exact: true }).isDisabled()).toBe(true);
      await question.getByLabel(label).fill(value);
      await expectAccessible(page, act);
      // Enter in the field answers, as in any form.
      if (value === 'passing') await question.getByLabel(label).press('Enter');
      else await question.getByRole('button', { name: button, exact: true }).click();
      await shows(page, '2 of 2: 2 changed, 0 skipped');
      await page.getByRole('button', { name: 'Close', exact: true }).click();
    }
    for (const id of ids) expect(await jobOf(id)).toMatchObject({ priority: 7, tags: ['chosen'] });
    await context.close();
  });
});

describe('a job that is made of another', () => {
  it('is asked to do the same but for what was changed, and shows the same for programs', async () => {
    const id = await submit(api.url, {
      name: 'origin',
      queue: 'clones',
      command: 'make test',
      tags: ['ci'],
      limits: { runtime_s: 60 },
      artifacts: ['out/*.xml'],
    });
    const { page, context, errors } = await openScreen(browser, api.url, `/jobs/${id}`);
    await page.getByRole('heading', { name: 'origin' }).waitFor();
    await page.keyboard.press('d');
    await page.waitForURL(`**/submit?from=${id}`);
    await expectEventually(async () =>
      expect(await page.getByLabel('Command', { exact: true }).inputValue()).toBe('make test'),
    );
    await page.getByLabel('Longest run, s').fill('90');
    await page.getByRole('tab', { name: 'Command line' }).click();
    await shows(
      page,
      "drover submit --queue clones --name origin --timeout 90 --tag ci --artifact 'out/*.xml' -- sh -c 'make test'",
    );
    await page.getByRole('tab', { name: 'JSON' }).click();
    const body = JSON.parse((await page.getByLabel('The job as text').textContent()) ?? '') as object;
    expect(body).toMatchObject({ queue: 'clones', limits: { runtime_s: 90 } });
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
    const made = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(made).not.toBe(id);
    expect(await jobOf(made)).toMatchObject(body);
    await page.getByRole('tab', { name: 'Spec' }).click();
    const differs = page.getByRole('region', { name: 'What differs from the previous run' });
    await differs.getByText('limits.runtime_s').waitFor();
    expect(await differs.getByRole('row').count()).toBe(2);
    expect(errors).toEqual([]);
    await context.close();
  });
});
