import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { openBrowser, watch, type Watched } from '../../../../test/support/browser.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, FakeNode, jobDesc, post } from '../../../../test/support/fake-node.js';

const PAGES = ['/index.html', '/jobs.html', '/job_view.html', '/alarms.html', '/profiles.html', '/topology.html'];
const EVIL = '<img src=x onerror="document.title=1">';

let browser: Browser;
let api: TestApi;
let node: FakeNode;
let seen: Watched;
beforeAll(async () => {
  [browser, api] = await Promise.all([
    openBrowser(),
    startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_ALARM_PERIOD: '0.2' } }),
  ]);
  seen = await watch(browser, api.url);
  node = await FakeNode.register(api.url, 'n1');
  await node.system({ hot_g: 5, proxy_cpu_total: 2 });
  await node.job(
    'j <1>',
    { it: 15, never: 0, 'io_total{op="read"}': 100, level_g: 2.5 },
    { desc: jobDesc('j <1>', { command: `./app ${EVIL} ` }) },
  );
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});
afterEach(() => {
  // Also what its policy refused would be an error here.
  expect([seen.foreign.splice(0), seen.errors.splice(0)]).toEqual([[], []]);
});
/** The browser itself notes that an answer was a refusal. */
const noteRefusals = (): void => void (seen.errors = seen.errors.filter((error) => !/status of 40[04]/.test(error)));

const rowOf = (text: string): ReturnType<Watched['page']['locator']> => seen.page.locator('tr', { hasText: text });

describe('a page', () => {
  it.each(PAGES)('%s allows nothing but our own files', async (path) => {
    const answer = await fetch(`${api.url}${path}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'nosniff',
    ]);
    expect(await answer.text()).not.toMatch(/\b(https?:)?\/\/\w|<script>|\son\w+=|style=/);
  });

  it('that is not there is 404; the sign of a proxy is HTML', async () => {
    for (const path of ['/nope.html', '/pages/nope.js', '/pages/..%2fpages.controller.js'])
      expect((await ask(api.url, path)).status).toBe(404);
    expect((await ask(api.url, '/is_admire_proxy.html')).text).toContain('<html>');
  });
});

describe('/jobs.html and /job_view.html', () => {
  it('list what runs and show one job with its counters, texts as texts', async () => {
    await seen.page.goto('/jobs.html');
    await rowOf('Sum of all Jobs running on n1').waitFor();
    expect(await rowOf('j <1>').locator('td').nth(1).textContent()).toBe(`./app ${EVIL} `);
    await seen.page.fill('#filter', 'j <');
    expect(await seen.page.locator('#jobs tr').count()).toBe(1);
    await seen.page.click('text=j <1>');
    await rowOf('io_total{op="read"}').waitFor();
    expect(await seen.page.locator('h1').textContent()).toBe('j <1>');
    expect(await rowOf('level_g').locator('td').allTextContents()).toEqual([
      'level_g',
      '2.5',
      '2.5',
      '2.5',
      '1',
      'doc of level_g',
    ]);
    expect(await rowOf('never').count()).toBe(0);
    await seen.page.check('#empty');
    expect(await rowOf('never').locator('td').nth(1).textContent()).toBe('0');
    await node.job('j <1>', { it: 16, never: 0, 'io_total{op="read"}': 100, level_g: 2.5 });
    await seen.page.locator('tr', { hasText: 'doc of it' }).locator('td', { hasText: /^16$/ }).waitFor();
  });
});

describe('/alarms.html', () => {
  it('adds an alarm, shows it raised when its time has come, and deletes it', async () => {
    await seen.page.goto('/alarms.html');
    await seen.page.locator('#none').waitFor();
    await seen.page.selectOption('#target', 'Node: n1');
    await expectEventually(async () => expect(await seen.page.locator('#metrics option').count()).toBeGreaterThan(2));
    await seen.page.fill('#name', 'hot <b>');
    await seen.page.fill('#metric', 'hot_g');
    await seen.page.fill('#value', '10');
    await seen.page.click('text=Add');
    await rowOf('hot <b> : hot_g').and(seen.page.locator('.quiet')).waitFor();
    expect((await ask(api.url, '/alarms')).body['Node: n1']).toEqual([]);
    await node.system({ hot_g: 11, proxy_cpu_total: 2 });
    await rowOf('GAUGE > 10').and(seen.page.locator('.firing')).waitFor();
    await seen.page.locator('#history tr', { hasText: 'firing' }).waitFor();
    await seen.page.goto('/job_view.html?job=Node%3A+n1');
    await seen.page.locator('#raised .firing', { hasText: 'hot <b> : hot_g' }).waitFor();
    await seen.page.goto('/alarms.html');
    await seen.page.click('[aria-label="Delete hot <b>"]');
    await seen.page.locator('#none').waitFor();
    expect((await ask(api.url, '/alarms/list')).body['Node: n1']).toEqual([]);
  });

  it('says why an alarm is refused', async () => {
    await seen.page.goto('/alarms.html');
    await seen.page.locator('#target option').first().waitFor({ state: 'attached' });
    await seen.page.fill('#name', 'x');
    await seen.page.fill('#metric', 'no such metric');
    await seen.page.fill('#value', '1');
    await seen.page.click('text=Add');
    await seen.page.locator('#said', { hasText: 'No such key no such metric' }).waitFor();
    noteRefusals();
  });

  it('deletes an alarm on every job of a queue, too', async () => {
    const made = await post(api.url, '/api/v1/alarms', {
      name: 'all',
      command: `./app ${EVIL} `,
      metric: 'it',
      operator: '>',
      threshold: 3,
    });
    expect(made.status).toBe(201);
    await seen.page.goto('/alarms.html');
    await seen.page.click('[aria-label="Delete all"]');
    await seen.page.locator('#none').waitFor();
    expect((await ask(api.url, `/api/v1/alarms/${made.body.id}`)).status).toBe(404);
    noteRefusals();
  });
});

describe('/profiles.html', () => {
  it('shows what finished jobs have left, and compares two of them', async () => {
    for (const [id, it] of [
      ['p1', 10],
      ['p2', 40],
    ] as const) {
      await node.job(id, { it }, { desc: jobDesc(id, { command: './solve ' }) });
      await node.job(id, { it }, { live: false });
    }
    await seen.page.goto('/profiles.html');
    await seen.page.locator('h2', { hasText: './solve' }).waitFor();
    await seen.page.click('a:text-is("p1")');
    await rowOf('doc of it').waitFor();
    expect(await rowOf('doc of it').locator('td').nth(1).textContent()).toBe('10');
    expect(await seen.page.locator('h1').textContent()).toBe('Profile of p1');
    await seen.page.goto('/profiles.html');
    await seen.page.check('[aria-label="Compare p1"]');
    await seen.page.check('[aria-label="Compare p2"]');
    await seen.page.click('#compare');
    await seen.page.locator('h2', { hasText: 'Compared with p1' }).waitFor();
    expect(await seen.page.locator('#figures tr', { hasText: 'it' }).locator('td').allTextContents()).toEqual([
      'it',
      '40',
      '10',
      '4.000',
    ]);
  });

  it('is where the page of a job leads when the job has ended', async () => {
    await node.job('short', { it: 7 }, { desc: jobDesc('short', { command: './short ' }) });
    await seen.page.goto('/job_view.html?job=short');
    await rowOf('doc of it').waitFor();
    await node.job('short', { it: 7 }, { live: false });
    await seen.page.click('text=It is not running; its profile');
    await seen.page.locator('h1', { hasText: 'Profile of short' }).waitFor();
    noteRefusals();
  });
});

describe('/topology.html', () => {
  it('joins a target, shows how it is, and removes it', async () => {
    const other = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off' } });
    try {
      await seen.page.goto('/topology.html');
      await rowOf('/system').waitFor();
      await seen.page.fill('#to', 'localhost:1');
      await seen.page.click('text=Join');
      await seen.page.locator('#said', { hasText: 'localhost:1' }).waitFor();
      await seen.page.fill('#to', new URL(other.url).host);
      await seen.page.click('text=Join');
      await rowOf(`${other.url}/job`).locator('td', { hasText: /^up$/ }).waitFor();
      await seen.page.locator('#tree li li', { hasText: new URL(other.url).host }).waitFor();
      await seen.page.click(`[aria-label="Remove ${other.url}/job"]`);
      await rowOf(`${other.url}/job`).waitFor({ state: 'detached' });
      expect((await ask(api.url, '/join/list')).body).toHaveLength(1);
      noteRefusals();
    } finally {
      await other.close();
    }
  });
});

describe('where people log in', () => {
  let locked: TestApi;
  let people: Watched;
  beforeAll(async () => {
    locked = await startApi({
      passive: true,
      env: { DROVER_AUTH: 'oauth2', METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1' },
    });
    const clients = locked.app.get(ClientsService);
    await clients.create('op', { role: 'operator', key: 'the key of the operator' });
    await clients.create('eyes', { role: 'viewer', key: 'the key of the viewer' });
    people = await watch(browser, locked.url);
  });
  afterAll(() => locked?.close());
  afterEach(() => expect(people.foreign).toEqual([]));

  async function logIn(client: string, key: string): Promise<void> {
    await people.page.fill('#login-client', client);
    await people.page.fill('#login-key', key);
    await people.page.click('text=Log in');
  }

  it('a page asks for a login, goes on with it, renews its token without a word, and asks again when that was taken back', async () => {
    await people.page.goto('/jobs.html');
    await logIn('eyes', 'a wrong key of the viewer');
    await people.page.locator('#login-said', { hasText: 'wrong' }).waitFor();
    expect(await people.page.locator('#jobs tr').count()).toBe(0);
    await logIn('eyes', 'the key of the viewer');
    await people.page.locator('#jobs tr').first().waitFor();
    expect(await people.page.locator('#login').count()).toBe(0);
    // The key is nowhere, and the token in no address.
    expect(
      await people.page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage }) + document.cookie'),
    ).not.toContain('the key of');
    expect(people.requests.join()).not.toContain('eyJ');
    await people.page.evaluate("sessionStorage.setItem('drover-token', 'stale')");
    await expectEventually(async () =>
      expect(await people.page.evaluate("sessionStorage.getItem('drover-token')")).toMatch(/^eyJ/),
    );
    expect(await people.page.locator('#login').count()).toBe(0);
    await people.page.evaluate(
      "sessionStorage.setItem('drover-token', 'stale'); sessionStorage.setItem('drover-refresh-token', 'gone')",
    );
    await people.page.locator('#login').waitFor();
  });

  it('who may only look sees the pages, and is told so; an operator may add an alarm', async () => {
    await people.page.goto('/topology.html');
    await logIn('eyes', 'the key of the viewer');
    await people.page.locator('tr', { hasText: '/system' }).waitFor();
    await people.page.goto('/alarms.html');
    const add = async (): Promise<void> => {
      await people.page.locator('#target option').first().waitFor({ state: 'attached' });
      for (const [id, text] of [
        ['name', 'x'],
        ['metric', 'm'],
        ['value', '1'],
      ] as const)
        await people.page.fill(`#${id}`, text);
      await people.page.click('text=Add');
    };
    await add();
    await people.page.locator('#said', { hasText: 'role viewer' }).waitFor();
    await people.page.click('#logout');
    await logIn('op', 'the key of the operator');
    await add();
    await people.page.locator('#said', { hasText: 'No such key m' }).waitFor();
  });
});
