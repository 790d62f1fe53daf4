import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, expectAccessibleInEachLook, openScreen, shows, stateOf, submit } from './support.js';

/** The id of nothing. */
const NOBODY = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';

let stack: Stack;
let browser: Browser;
/** Jobs of the file: one that failed, one that runs until it is cancelled, one that no node serves. */
let failed: string;
let waiting: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), openBrowser()]);
  failed = await submit(stack.url, { name: 'breaks', command: 'echo "to see"; exit 3', tags: ['walk'] });
  waiting = await submit(stack.url, { name: 'waits', queue: 'nowhere', command: 'true' });
  await expectEventually(async () => expect(await stateOf(stack.url, failed)).toBe('failed'), { withinMs: 30_000 });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** No line of the log that shows is there twice, and none is missing. */
async function expectWhole(page: Page): Promise<void> {
  const rows = await page.evaluate<[number, string][]>(
    `[...document.querySelectorAll('.line')].map((row) => [Number(row.dataset.line), row.querySelector('.line__text').textContent])`,
  );
  // Those at the edges may be read yet.
  const read = rows.filter(([, text]) => text !== '');
  expect(read.length).toBeGreaterThan(5);
  expect(read).toEqual(read.map((_, at) => [(read[0]?.[0] ?? 0) + at, `line ${(read[0]?.[0] ?? 0) + at}`]));
}

/** The number of the last line that shows; the log follows its end. */
const lastLine = async (page: Page): Promise<number> =>
  Number(await page.locator('.line').last().getAttribute('data-line'));

describe('axe finds no fault', () => {
  it('on any screen, in either look and on a phone', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/jobs');
    const screens: [path: string, text: string | RegExp][] = [
      ['/', 'The command ended with exit code 3.'],
      ['/jobs', 'breaks'],
      ['/jobs?state=expired', 'No job fits this filter.'],
      [`/jobs/${failed}`, 'to see'],
      [`/jobs/${failed}?tab=spec`, '"walk"'],
      [`/jobs/${failed}?tab=events`, 'job.failed'],
      [`/jobs/${waiting}`, /no (node|agent|worker)/i],
      ['/queues', 'nowhere'],
      ['/nodes', 'online'],
      ['/timeline', 'Draw over the lanes to choose a part.'],
      ['/submit', 'The job'],
      ['/?wall', 'The command ended with exit code 3.'],
      [`/jobs/${NOBODY}`, /no job/i],
      [`/jobs/${NOBODY}/log`, /no job/i],
      [`/alarms/${NOBODY}`, /no alarm/i],
      ['/nowhere', 'There is no screen at /nowhere.'],
    ];
    for (const [path, text] of screens) {
      await page.goto(`/ui${path}`);
      await shows(page, text);
      await expectAccessibleInEachLook(page, path);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  it('in the palette, the sheet of keys and questions, in either look and on a phone', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/jobs');
    await shows(page, 'breaks');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('A screen, job, queue or node').fill('breaks');
    await page.getByRole('option', { name: /breaks/ }).waitFor();
    await expectAccessibleInEachLook(page, 'palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await shows(page, 'Next row');
    await expectAccessibleInEachLook(page, 'keys');
    for (const [path, button] of [
      [`/jobs/${waiting}`, 'Cancel'],
      ['/queues', 'Pause nowhere'],
      ['/nodes', 'Add a machine'],
      ['/alarms?tab=silences', 'Add a silence'],
    ] as const) {
      await page.goto(`/ui${path}`);
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await expectAccessibleInEachLook(page, button);
    }
    await context.close();
  });
});

describe('somebody who looks after jobs', () => {
  it('sees at first what needs somebody, every queue and every slot, and how they change', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/');
    await shows(page, 'The command ended with exit code 3.');
    await shows(page, 'No node serves the queue nowhere.');
    await page.getByRole('heading', { name: 'Slots' }).waitFor();
    const id = await submit(stack.url, { name: 'in a slot', command: 'sleep 60' });
    const slot = page.getByRole('link', { name: /^in a slot, (claimed|running), of anonymous in default/ });
    await slot.waitFor();
    await expectAccessible(page, 'now with a job');
    await page.keyboard.press('w');
    await page.waitForURL(/\?wall/);
    await page.getByRole('navigation').waitFor({ state: 'detached' });
    await page.keyboard.press('w');
    await page.getByRole('navigation').waitFor();
    await slot.click();
    await page.getByRole('heading', { name: 'in a slot' }).waitFor();
    await fetch(`${stack.url}/api/v1/jobs/${id}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await page.goto('/ui/');
    await slot.waitFor({ state: 'detached' });
    // A number leads to the list that it counts.
    await page.getByRole('listitem').filter({ hasText: 'exit code 3' }).getByRole('link', { name: '1×' }).click();
    await page.waitForURL(/\/ui\/jobs\?.*state=failed/);
    await page.getByRole('link', { name: 'breaks' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('submits one, sees its log as it comes, and cancels it', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/submit');
    await page.getByLabel('Command', { exact: true }).fill('for i in $(seq 1 600); do echo "line $i"; sleep 0.1; done');
    await page.getByLabel('Name', { exact: true }).fill('counts');
    await shows(page, /"name":"counts"/);
    await expectAccessible(page, 'submit');
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.getByRole('heading', { name: 'counts' }).waitFor();
    await shows(page, /^line \d+$/);
    const seen = await lastLine(page);
    await expectEventually(async () => expect(await lastLine(page)).toBeGreaterThan(seen + 5));
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.locator('header .state', { hasText: 'cancelled' }).waitFor();
    await expectWhole(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('sees the fault of a field at the field, in the words of the API', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/submit');
    await page.getByLabel('Command', { exact: true }).fill('true');
    await page.getByText('When', { exact: true }).click();
    await page.getByLabel('Priority').fill('high');
    await page.getByRole('button', { name: 'Submit' }).click();
    await shows(page, 'Priority must be a whole number');
    expect(await page.getByLabel('Priority').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Repeats').fill('0 3 * * 1-5');
    await shows(page, /At 03:00, Monday through Friday UTC/);
    await context.close();
  });

  it('sees why a job failed, and retries it', async () => {
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${failed}`);
    await shows(page, 'The command ended with exit code 3.');
    await page.getByRole('button', { name: 'Retry' }).click();
    await expectEventually(async () => {
      const { attempt, state } = (await (await fetch(`${stack.url}/api/v1/jobs/${failed}`)).json()) as {
        attempt: number;
        state: string;
      };
      expect([attempt, state]).toEqual([2, 'failed']);
    });
    await page.locator('.waterfall__row').nth(1).waitFor();
    await context.close();
  });

  it('has the filter in the address, which shows the same to whoever it is sent to', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/jobs');
    await shows(page, 'breaks');
    const field = page.getByRole('combobox', { name: 'Filter' });
    await field.fill('state:fai');
    await page.getByRole('option', { name: 'state:failed' }).click();
    await field.fill('tag:walk');
    await field.press('Enter');
    await expectEventually(() => expect(new URL(page.url()).search).toBe('?state=failed&tag=walk'));
    await expectEventually(async () => expect(await page.getByRole('row').count()).toBe(2));
    const other = await openScreen(browser, stack.url, '/jobs?state=failed&tag=walk');
    await shows(other.page, 'breaks');
    expect(await other.page.getByRole('row').count()).toBe(2);
    await field.press('Backspace');
    await expectEventually(() => expect(new URL(page.url()).search).toBe('?state=failed'));
    await page.goBack();
    await expectEventually(() => expect(new URL(page.url()).search).toBe('?state=failed&tag=walk'));
    await Promise.all([context.close(), other.context.close()]);
  });

  it('needs no mouse: keys move, select, cancel with a question, and open', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map((at) => submit(stack.url, { name: `key ${at}`, queue: 'keys', command: 'true' })),
    );
    const { page, context } = await openScreen(browser, stack.url, '/jobs?queue=keys');
    await shows(page, 'key 3');
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await shows(page, '2 jobs selected');
    await expectAccessible(page, 'selection');
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Cancel 2 jobs' }).waitFor();
    await expectAccessible(page, 'question');
    await page.getByRole('button', { name: 'Cancel 2 jobs' }).click();
    await shows(page, '2 of 2: 2 changed, 0 skipped');
    await page.keyboard.press('Escape');
    await expectEventually(async () => {
      const states = await Promise.all(ids.map((id) => stateOf(stack.url, id)));
      expect(states.sort()).toEqual(['cancelled', 'cancelled', 'queued']);
    });
    await expectEventually(async () =>
      expect(await page.locator('.grid__row .state', { hasText: 'cancelled' }).count()).toBe(2),
    );
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/ui\/jobs\/[0-9a-f-]{36}$/);
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.waitForURL(/\/ui\/queues$/);
    await context.close();
  });

  it('is told of new jobs without a row that jumps', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/jobs?queue=nowhere');
    await page.getByRole('link', { name: 'waits' }).waitFor();
    await submit(stack.url, { name: 'newcomer', queue: 'nowhere', command: 'true' });
    await page.getByRole('button', { name: /1 new job: show it/ }).click();
    await shows(page, 'newcomer');
    await context.close();
  });

  it('cancels all that match, also those that were never read', async () => {
    const jobs = Array.from({ length: 5_000 }, (_, at) => ({ name: `crowd ${at}`, queue: 'crowd', command: 'true' }));
    await fetch(`${stack.url}/api/v1/jobs/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jobs }),
    });
    const { page, context } = await openScreen(browser, stack.url, '/jobs?queue=crowd');
    await shows(page, 'crowd 4999');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'All 5,000 that match' }).click();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Cancel' }).click();
    const question = page.getByRole('dialog');
    await question.getByText('and 4,997 more').waitFor();
    expect(await question.locator('.act__job').count()).toBe(3);
    await expectAccessible(page, 'question about 5,000');
    await question.getByRole('button', { name: 'Cancel 5,000 jobs' }).click();
    await page.getByRole('dialog', { name: /Cancel jobs: Done/ }).waitFor();
    await shows(page, '5,000 of 5,000: 5,000 changed, 0 skipped');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const { count } = (await (await fetch(`${stack.url}/api/v1/jobs/count?queue=crowd&state=cancelled`)).json()) as {
      count: number;
    };
    expect(count).toBe(5_000);
    // One that ended before, beside one that waits: the first is skipped, and it says why.
    await submit(stack.url, { name: 'latecomer', queue: 'crowd', command: 'true' });
    await page.getByRole('button', { name: /1 new job: show it/ }).click();
    await shows(page, 'latecomer');
    await page.getByRole('checkbox', { name: 'Select latecomer' }).check();
    await page.getByRole('checkbox', { name: 'Select crowd 4999' }).check();
    await shows(page, '2 jobs selected');
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel 2 jobs' }).click();
    await shows(page, '2 of 2: 1 changed, 1 skipped');
    await shows(page, /^1 job skipped: /);
    await context.close();
  });

  it('pauses and resumes a queue, and drains a node', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/queues');
    await page.getByRole('button', { name: 'Pause nowhere' }).click();
    await page.getByLabel('Why, for those who wait').fill('new disks');
    await expectAccessible(page, 'pause');
    await page.getByRole('button', { name: 'Pause the queue' }).click();
    await page.getByRole('button', { name: 'Resume nowhere' }).waitFor();
    await shows(page, /^new disks, by anonymous$/);
    await page.goto('/ui/');
    await shows(page, /^new disks, by anonymous$/);
    await page.getByRole('button', { name: 'Resume nowhere' }).click();
    await page.getByRole('button', { name: 'Pause nowhere' }).waitFor();
    await page.goto('/ui/nodes');
    await page.getByRole('button', { name: 'Drain node-1' }).click();
    await page.getByRole('button', { name: 'Undrain node-1' }).click();
    await page.getByRole('button', { name: 'Drain node-1' }).waitFor();
    await context.close();
  });

  it.each([
    [390, [11, 12, 13, 14, 15, 16]],
    [1_280, [21, 22, 23, 24, 25, 26]],
    [1_600, [31, 32, 33, 34, 35, 36]],
  ])('finds queues and slots where they were, however much fails meanwhile, %i px wide', async (width, codes) => {
    const { page, context } = await openScreen(browser, stack.url, '/', { width });
    const slots = page.getByRole('heading', { name: 'Slots' });
    await slots.waitFor();
    const place = async (): Promise<number | undefined> => (await slots.boundingBox())?.y;
    const before = await place();
    // Each is a group of its own.
    for (const code of codes) await submit(stack.url, { command: `exit ${code}` });
    for (const code of codes) await shows(page, `The command ended with exit code ${code}.`);
    expect(await place()).toBe(before);
    await context.close();
  });
});

describe('texts that a job brings', () => {
  const EVIL = `"><img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>`;

  it('are shown as they are, and never run', async () => {
    const id = await submit(stack.url, {
      name: `name ${EVIL}`,
      command: `printf '%s\\n' '${EVIL.replaceAll("'", '')}' >&2; exit 4`,
      tags: [`tag ${EVIL}`],
      metadata: { [`key ${EVIL}`]: EVIL, link: 'javascript:globalThis.hit=1' },
      env: { EVIL },
    });
    const waits = await submit(stack.url, { name: EVIL, queue: 'evil', command: 'true' });
    const leaves = await submit(stack.url, {
      name: 'leaves',
      command: 'mkdir out; echo x > "out/$FILE"',
      env: { FILE: `"><img src=x onerror="globalThis.hit=1">.html` },
      artifacts: ['out/*'],
    });
    await expectEventually(async () => expect(await stateOf(stack.url, leaves)).toBe('succeeded'));
    await expectEventually(async () => expect(await stateOf(stack.url, id)).toBe('failed'));
    await fetch(`${stack.url}/api/v1/jobs/${waits}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: `why ${EVIL}` }),
    });
    const { page, context, errors } = await openScreen(browser, stack.url, '/jobs');
    await shows(page, `name ${EVIL}`);
    for (const path of [
      `/jobs/${id}`,
      `/jobs/${id}?tab=spec`,
      `/jobs/${id}?tab=events`,
      `/submit?from=${id}`,
      `/jobs/${waits}`,
      `/jobs/${leaves}?tab=artifacts`,
    ]) {
      await page.goto(`/ui${path}`);
      await page
        .getByText(/onerror/)
        .first()
        .waitFor();
      expect(
        await page.evaluate('[globalThis.hit, document.querySelectorAll("img, #root script").length]'),
        path,
      ).toEqual([undefined, 0]);
    }
    await page.goto(`/ui/jobs?q=${encodeURIComponent(EVIL)}`);
    await page
      .getByText(/onerror/)
      .first()
      .waitFor();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('A screen, job, queue or node').fill('onerror');
    await page
      .getByRole('option', { name: /onerror/ })
      .first()
      .waitFor();
    expect(await page.evaluate('globalThis.hit')).toBeUndefined();
    expect(errors).toEqual([]);
    await context.close();
  });
});

// Last: it stops the API.
describe('when the API is away', () => {
  it('the console says so, and recovers by itself with no line of a log twice or missing', async () => {
    const id = await submit(stack.url, {
      name: 'long',
      command: 'for i in $(seq 1 4000); do echo "line $i"; sleep 0.05; done',
    });
    const { page, context } = await openScreen(browser, stack.url, `/jobs/${id}`);
    await shows(page, /^line \d+$/);
    await stack.api.kill();
    await shows(page, 'The API is away');
    await shows(page, /Trying again in \d+ s\./);
    await expectAccessible(page, 'away');
    stack.api.start();
    await stack.apiReady(stack.api);
    await page.getByText('The API is away').waitFor({ state: 'detached' });
    const seen = await lastLine(page);
    await expectEventually(async () => expect(await lastLine(page)).toBeGreaterThan(seen + 40));
    await expectWhole(page);
    await page.getByRole('region', { name: 'Lines of the log' }).press('Home');
    await shows(page, /^line 1$/);
    await expectWhole(page);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.locator('header .state', { hasText: 'cancelled' }).waitFor();
    await context.close();
  });
});
