import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';
import { expectAccessible, expectAccessibleInEachLook, logIn, openScreen, shows, stateOf, submit } from './support.js';

const MIB = 1024 * 1024;
/** It holds 150 MB until it is cancelled. */
const LARGE = `node -e "globalThis.held = Buffer.alloc(150e6, 1); setInterval(() => undefined, 1000)"`;
const SMALL = 'sleep 600';

let stack: Stack;
let browser: Browser;
let large: string;
let small: string;

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${stack.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** The last memory reading of a job is above and below these. */
const reads = (id: string, least: number): Promise<unknown> =>
  expectEventually(
    async () => {
      const { samples } = (await call('GET', `/jobs/${id}/metrics`)) as { samples: { memory_bytes: number }[] };
      expect(Math.max(0, ...samples.map(({ memory_bytes: bytes }) => bytes))).toBeGreaterThan(least);
    },
    { withinMs: 60_000 },
  );

/** The number of firings that the bench says, once it is that of the rule as it stands. */
async function firedIn(page: Page): Promise<number> {
  await page.locator('.bench__result[aria-busy=false]').waitFor();
  const text = (await page.locator('.bench__summary').textContent()) ?? '';
  return Number(/fired (\d+) times?/.exec(text)?.[1] ?? Number.NaN);
}

beforeAll(async () => {
  const env = { DROVER_SAMPLE_PERIOD: '0.5', DROVER_ALARM_PERIOD: '0.3' };
  [stack, browser] = await Promise.all([Stack.start({ env }), openBrowser()]);
  large = await submit(stack.url, { name: 'greedy', command: LARGE });
  small = await submit(stack.url, { name: 'modest', command: SMALL });
  await reads(large, 140 * MIB);
  await reads(small, 0);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

describe('an alarm', () => {
  it('is written on the bench, fires on a real job, shows on Now and on its screen, is silenced, and has a history', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, '/');
    await shows(page, 'no alarm fires');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL(/\/ui\/alarms$/);
    await shows(page, 'There is no alarm yet.');
    await page.getByRole('link', { name: 'New alarm' }).click();
    await page.getByLabel('Name', { exact: true }).fill('too much memory');
    await page
      .getByLabel('Threshold', { exact: true })
      .and(page.locator('input'))
      .fill(String(100 * MIB));
    await shows(page, /^It would have fired 1 time in 30 days on 1 of 2 jobs\./);
    await shows(page, '100 MiB');
    // Each firing leads to its job.
    const tried = page.getByRole('table', { name: 'It would have fired' });
    expect(await tried.getByRole('link', { name: 'greedy' }).getAttribute('href')).toBe(`/ui/jobs/${large}`);
    // The rule is the address.
    await expectEventually(() => expect(new URL(page.url()).searchParams.get('threshold')).toBe(String(100 * MIB)));
    const other = await openScreen(
      browser,
      stack.url,
      new URL(page.url()).pathname.slice(3) + new URL(page.url()).search,
    );
    await expectEventually(async () =>
      expect(await other.page.getByLabel('Name', { exact: true }).inputValue()).toBe('too much memory'),
    );
    await other.context.close();
    await page.getByRole('button', { name: 'Add the alarm' }).click();
    await page.waitForURL(/\/ui\/alarms\/[0-9a-f-]{36}/);

    await page.goto('/ui/alarms');
    await page.getByRole('row', { name: /too much memory.*job_memory_bytes above 100 MiB/ }).waitFor();
    await page.getByRole('link', { name: 'firing' }).click();
    const row = page.getByRole('row', { name: /too much memory/ });
    await row.getByRole('link', { name: 'greedy' }).waitFor();
    await page.goto('/ui/');
    await page.getByRole('link', { name: 'too much memory' }).waitFor();
    await page.getByRole('button', { name: 'Silence too much memory' }).click();
    await page.getByLabel('For', { exact: true }).selectOption({ label: '8 hours' });
    await page.getByLabel('Only on greedy').check();
    await page.getByLabel('Why, for others').fill('known, it is a test');
    await expectAccessible(page, 'silence');
    await page.getByRole('button', { name: 'Silence it' }).click();
    await shows(page, 'too much memory is silent for 8h.');
    await shows(page, /silent, ends/);
    await page.goto('/ui/alarms?tab=active');
    await row.getByText(/silent, ends/).waitFor();
    await page.getByRole('tab', { name: 'Silences' }).click();
    await page
      .getByRole('row', { name: `alertname is too much memory, entry is ${large} silent in 7h known, it is a test` })
      .waitFor();
    await page.getByRole('button', { name: /^End the silence where alertname is too much memory/ }).click();
    await shows(page, 'Nothing is silent.');
    await page.getByRole('button', { name: 'Add a silence' }).click();
    await page.getByLabel('Alarms of this name').fill('too*');
    await page.getByRole('button', { name: 'Silence it' }).click();
    await page.getByRole('row', { name: /alertname is like too\*/ }).waitFor();

    await page.getByRole('tab', { name: 'History' }).click();
    const fired = page.getByRole('row', { name: /greedy/ });
    await fired.getByText('fires still').waitFor();
    await call('POST', `/jobs/${large}/cancel`, {});
    await fired.getByText('its job or node was gone').waitFor();
    await fired.getByText('cancelled').waitFor();
    await page.goto('/ui/alarms');
    await page.getByText('quiet').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('is tried anew when its threshold is dragged, or moved by keyboard', async () => {
    const { page, context, errors } = await openScreen(browser, stack.url, `/alarms/new?threshold=${300 * MIB}`);
    expect(await firedIn(page)).toBe(0);
    const slider = page.getByRole('slider', { name: 'Threshold' });
    const field = page.locator('input[name=threshold]');
    const valueNow = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
    expect([await valueNow(), await slider.getAttribute('aria-valuetext')]).toEqual([300 * MIB, '300 MiB']);
    const box = (await slider.boundingBox()) as { x: number; y: number; width: number; height: number };
    const plot = (await page.locator('.bench__over').boundingBox()) as typeof box;
    const x = box.x + box.width / 3;
    await page.mouse.move(x, box.y + box.height / 2);
    await page.mouse.down();
    // A third of the range from below: between the two jobs.
    await page.mouse.move(x, plot.y + plot.height * 0.7, { steps: 8 });
    await page.mouse.up();
    await expectEventually(async () => expect(Number(await field.inputValue())).toBeLessThan(120 * MIB));
    expect(Number(await field.inputValue())).toBeGreaterThan(60 * MIB);
    expect(await valueNow()).toBe(Number(await field.inputValue()));
    await expectEventually(async () => expect(await firedIn(page)).toBe(1));
    await expectEventually(() =>
      expect(Number(new URL(page.url()).searchParams.get('threshold'))).toBeLessThan(120 * MIB),
    );
    // Both jobs are above nothing.
    await slider.focus();
    await page.keyboard.press('Home');
    await expectEventually(async () => expect(await field.inputValue()).toBe('0'));
    await expectEventually(async () => expect(await firedIn(page)).toBe(2));
    const before = await valueNow();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await expectEventually(async () => expect(await valueNow()).toBeGreaterThan(before));
    for (let at = 0; at < 12; at += 1) await page.keyboard.press('PageUp');
    await expectEventually(async () => expect(await firedIn(page)).toBe(0));
    expect(await valueNow()).toBeGreaterThan(160 * MIB);
    // The jobs of the chart are reached without a mouse, line by line.
    await page.keyboard.press('Tab');
    const line = page.locator('.bench__near a');
    const [first, focused] = [await line.textContent(), await page.evaluate('document.activeElement.textContent')];
    expect(focused).toBe(first);
    await page.keyboard.press('ArrowDown');
    await expectEventually(async () => expect(await line.textContent()).not.toBe(first));
    await shows(page, /a click opens it/);
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toMatch(/^\/ui\/jobs\/[0-9a-f-]{36}$/);
    await expectAccessible(page, 'a line of the bench');
    await page.getByLabel('Along').selectOption({ label: 'as the clock had it' });
    await page.waitForURL(/along=time/);
    expect(await firedIn(page)).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('has faults at their fields, in the words of the API', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/alarms/new');
    await page.locator('input[name=threshold]').fill('much');
    await shows(page, /^Threshold must be a number/);
    expect(await page.locator('input[name=threshold]').getAttribute('aria-invalid')).toBe('true');
    // The answer before stays, as an old one.
    await page.locator('.bench__result[aria-busy=true]').waitFor();
    await page.locator('input[name=threshold]').fill('5');
    await page.locator('input[name=for_s]').fill('soon');
    await shows(page, /^For must/);
    await page.locator('input[name=for_s]').fill('2m');
    await page.getByRole('button', { name: 'Add an action' }).click();
    await page.getByLabel('URL').fill('nothing');
    await page.getByRole('button', { name: 'Add the alarm' }).click();
    await shows(page, /^Name must/);
    await shows(page, /^URL must/);
    await expectAccessible(page, 'faults');
    await page.getByRole('button', { name: 'Remove action 1' }).click();
    await page.getByLabel('Name', { exact: true }).fill('five');
    await page.getByRole('button', { name: 'Add the alarm' }).click();
    await page.getByRole('heading', { name: 'five' }).waitFor();
    await shows(page, /job_memory_bytes above 5 B for 2m/);
    // Changed, and deleted after a question.
    await page.getByLabel('It is watched').uncheck();
    await page.locator('input[name=keep_for_s]').fill('5m');
    await page.getByRole('button', { name: 'Add an action' }).click();
    await page.getByLabel('URL').fill('http://192.0.2.1/told');
    await page.getByRole('button', { name: 'Save' }).click();
    await shows(page, 'five is changed.');
    await page.reload();
    await page.getByRole('heading', { name: 'five' }).waitFor();
    expect([
      await page.locator('input[name=for_s]').inputValue(),
      await page.locator('input[name=keep_for_s]').inputValue(),
      await page.getByLabel('URL').inputValue(),
      await page.getByLabel('It is watched').isChecked(),
    ]).toEqual(['120s', '300s', 'http://192.0.2.1/told', false]);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete the alarm' }).click();
    await page.waitForURL(/\/ui\/alarms$/);
    await expectEventually(async () => expect(await page.getByRole('link', { name: 'five' }).count()).toBe(0));
    await context.close();
  });
});

describe('a screen that was left', () => {
  it('does not take the reader back, although what was typed there is written into the address a moment later', async () => {
    const { page, context } = await openScreen(browser, stack.url, '/alarms/new');
    await page.locator('input[name=threshold]').fill('5');
    await page.waitForURL(/threshold=5/);
    // The browser has the address of the next screen before that one is drawn: React is held for as long.
    await page.evaluate(`(() => {
      const field = document.querySelector('input[name=threshold]');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '6');
      field.dispatchEvent(new Event('input', { bubbles: true }));
      history.replaceState(history.state, '', '/ui/alarms');
    })()`);
    // The result is for the new threshold: so the moment has passed.
    await page.waitForResponse((response) => /backtest/.test(response.url()) && response.ok());
    await page.locator('.bench__result[aria-busy=true]').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/ui/alarms');
    await context.close();
  });
});

describe('axe finds no fault', () => {
  it('on the screens of alarms, in either look and on a phone', async () => {
    const { alarms } = (await call('GET', '/alarms')) as { alarms: { id: string }[] };
    const { page, context, errors } = await openScreen(browser, stack.url, '/alarms');
    const screens: [path: string, text: string | RegExp][] = [
      ['/alarms', 'too much memory'],
      ['/alarms?tab=active', 'No alarm fires, and none is about to.'],
      ['/alarms?tab=history', 'greedy'],
      [`/alarms?tab=history&alarm=${alarms[0]?.id}`, 'alone.'],
      ['/alarms?tab=silences', 'alertname is like too*'],
      ['/alarms/new', /It would have fired/],
      [`/alarms/${alarms[0]?.id}`, /It would have fired/],
    ];
    for (const [path, text] of screens) {
      await page.goto(`/ui${path}`);
      await shows(page, text);
      if (path.startsWith('/alarms/')) await page.getByRole('slider').waitFor();
      await expectAccessibleInEachLook(page, path);
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('texts that an alarm brings', () => {
  const EVIL = `"><img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>`;

  it('are shown as they are, and never run', async () => {
    const job = await submit(stack.url, { name: `job ${EVIL}`, command: SMALL });
    await reads(job, 0);
    const { id } = await call('POST', '/alarms', {
      name: `alarm ${EVIL}`,
      target: job,
      metric: 'job_memory_bytes',
      operator: '>',
      threshold: 1,
      labels: { team: EVIL },
      annotations: { summary: EVIL },
      actions: [{ type: 'webhook', url: `https://example.org/?a=${encodeURIComponent(EVIL)}` }],
    });
    await call('POST', '/alarms/silences', {
      matchers: [{ name: 'alertname', value: `alarm ${EVIL}` }],
      ends_at: new Date(Date.now() + 3_600_000).toISOString(),
      comment: `why ${EVIL}`,
    });
    await expectEventually(async () =>
      expect((await call('GET', '/alarms/active'))['states']).toContainEqual(
        expect.objectContaining({ alarm_id: id, state: 'firing' }),
      ),
    );
    const { page, context, errors } = await openScreen(browser, stack.url, '/');
    const metric = encodeURIComponent(EVIL);
    for (const path of [
      '/',
      '/alarms',
      '/alarms?tab=active',
      '/alarms?tab=history',
      '/alarms?tab=silences',
      `/alarms?tab=history&alarm=${String(id)}`,
      `/alarms/${String(id)}`,
      `/alarms/new?metric=${metric}&name=${metric}&watched=${metric}`,
    ]) {
      await page.goto(`/ui${path}`);
      if (path.includes('/new'))
        await expectEventually(async () =>
          expect(await page.locator('input[name=metric]').inputValue()).toContain('onerror'),
        );
      else
        await page
          .getByText(/onerror/)
          .first()
          .waitFor();
      expect(
        await page.evaluate('[globalThis.hit, document.querySelectorAll("img, #root script").length]'),
        path,
      ).toEqual([undefined, 0]);
    }
    expect(errors).toEqual([]);
    await context.close();
    await call('POST', `/jobs/${job}/cancel`, {});
    await expectEventually(async () => expect(await stateOf(stack.url, job)).toBe('cancelled'));
  });
});

describe('where people log in', () => {
  const KEY = 'a-key-that-nobody-guesses';
  const RULE = {
    name: 'nothing comes',
    target: 'main',
    metric: 'absent',
    operator: '>',
    threshold: 1,
    no_data: 'alarm',
  };
  let api: TestApi;
  let id: string;

  beforeAll(async () => {
    api = await startApi({ env: { DROVER_AUTH: 'oauth2', DROVER_ALARM_PERIOD: '0.2' } });
    const clients = api.app.get(ClientsService);
    for (const role of ['viewer', 'operator'] as const) await clients.create(role, { key: KEY, role });
    const basic = Buffer.from(`operator:${KEY}`).toString('base64');
    const { access_token: token } = (await (
      await fetch(`${api.url}/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` } })
    ).json()) as { access_token: string };
    const answer = await fetch(`${api.url}/api/v1/alarms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(RULE),
    });
    id = ((await answer.json()) as { id: string }).id;
  });
  afterAll(() => api.close());

  it('a viewer sees alarms, and no button that would be refused', async () => {
    const offers = async (client: string): Promise<number[]> => {
      const screen = await openScreen(browser, api.url, '/alarms', {});
      await logIn(screen, client, KEY);
      const { page } = screen;
      await page.getByRole('link', { name: 'nothing comes' }).waitFor();
      const acts = page.getByRole('main').getByRole('button', { name: /^(Silence|Add|End|Save|Delete|Remove)\b/ });
      const counts = [await page.getByRole('link', { name: 'New alarm' }).count()];
      await page.goto('/ui/alarms?tab=active');
      await page.getByRole('row', { name: /nothing comes firing/ }).waitFor();
      counts.push(await acts.count());
      await page.goto('/ui/');
      await page.getByRole('link', { name: 'nothing comes' }).waitFor();
      counts.push(await acts.count());
      await page.goto('/ui/alarms?tab=silences');
      await shows(page, 'Nothing is silent.');
      counts.push(await acts.count());
      await page.goto(`/ui/alarms/${id}`);
      await shows(page, 'absent above 1, or without a value');
      counts.push(await acts.count(), await page.locator('input:enabled, select:enabled, textarea:enabled').count());
      await expectAccessible(page, `alarm of ${client}`);
      await page.goto('/ui/alarms/new');
      await page
        .getByRole('heading', { name: /^(New alarm|Alarms are made by operators)/ })
        .first()
        .waitFor();
      counts.push(await acts.count());
      expect(screen.errors).toEqual([]);
      await screen.context.close();
      return counts;
    };
    expect(await offers('viewer')).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect((await offers('operator')).map((count) => count > 0)).toEqual([true, true, true, true, true, true, true]);
  });

  it('an operator makes an alarm, silences one and ends the silence, all with the session of the browser', async () => {
    const screen = await openScreen(browser, api.url, '/alarms/new');
    await logIn(screen, 'operator', KEY);
    const { page } = screen;
    await page.getByLabel('Name', { exact: true }).fill('made here');
    await page.locator('input[name=threshold]').fill('7');
    await page.getByRole('button', { name: 'Add the alarm' }).click();
    await page.getByRole('heading', { name: 'made here' }).waitFor();
    await page.goto('/ui/');
    await page.getByRole('button', { name: 'Silence nothing comes' }).click();
    await page.getByRole('button', { name: 'Silence it' }).click();
    await shows(page, /silent, ends/);
    await page.goto('/ui/alarms?tab=silences');
    await page.getByRole('button', { name: /^End the silence where alertname is nothing comes/ }).click();
    await shows(page, 'Nothing is silent.');
    expect(screen.errors).toEqual([]);
    await screen.context.close();
  });
});
