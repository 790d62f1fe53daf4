import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, shows } from '../console/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { FakeNode, jobDesc, post } from '../support/fake-node.js';

let api: TestApi;
let browser: Browser;
let jobId: string;
/** Pages of dialects, each with a text that it shows. */
let pages: [path: string, text: string | RegExp][];

beforeAll(async () => {
  const env = { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_ALARM_PERIOD: '0.2' };
  [browser, api] = await Promise.all([openBrowser(), startApi({ env })]);
  jobId = (
    (await post(api.url, '/api/v1/jobs', { queue: 'lab', name: 'solve', command: 'true' })).body as { id: string }
  ).id;
  const node = await FakeNode.register(api.url, 'n1');
  await node.system({ hot_g: 20, proxy_cpu_total: 2 });
  await node.job('here', { it: 15 }, { desc: jobDesc('here') });
  for (const id of ['gone', 'gone-2']) {
    await node.job(id, { it: 15 }, { desc: jobDesc(id, { command: './app' }) });
    await node.job(id, { it: 15 }, { live: false });
  }
  await post(api.url, '/alarms/add', { name: 'many', target: 'here', metric: 'it', operation: { More: 10 } });
  await post(api.url, '/v1/agents/data/rack-1', { state: 'waiting', queues: ['lab'], location: 'rack' });
  pages = [
    ['/jobs', '1 in all'],
    ['/jobs/submit', 'Working directory'],
    [`/job/${jobId}`, 'No output yet.'],
    ['/page/about', /queue-backed/],
    [`/jobs/${jobId}`, 'Definition'],
    ['/queues', 'lab'],
    ['/queues/lab', 'Newest jobs'],
    ['/agents', 'rack-1'],
    ['/agents/rack-1', 'Provisionings'],
    ['/nowhere', 'There is nothing at /nowhere.'],
    ['/index.html', /^Profiles/],
    ['/jobs.html', 'here'],
    ['/job_view.html?job=here', 'doc of it'],
    ['/job_view.html?profile=gone', /^Compared with the median/],
    ['/alarms.html', 'New alarm'],
    ['/profiles.html', 'gone-2'],
    ['/topology.html', 'Add a target'],
    [`/tasks/lab/jobs/${jobId}/stream`, 'Log'],
  ];
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

const groundOf = (page: Page): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');

describe('pages of dialects', () => {
  it.each([
    ['light', 'rgb(247, 247, 246)'],
    ['dark', 'rgb(17, 18, 19)'],
  ] as const)(
    'have the look of the console, %s, and break no rule of axe',
    async (look, ground) => {
      const context = await browser.newContext({ baseURL: api.url, colorScheme: look });
      const page = await context.newPage();
      const refused: string[] = [];
      page.on('console', (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) refused.push(message.text());
      });
      for (const [path, text] of pages) {
        await page.goto(path);
        await shows(page, text);
        expect([await groundOf(page), await page.locator('style, [style]').count()], path).toEqual([ground, 0]);
        expect(
          await page.locator('link[rel=stylesheet]').evaluateAll((all) => all.map((one) => one.getAttribute('href'))),
        ).toEqual(['/look/pages.css']);
        await expectAccessible(page, `${path} ${look}`);
        for (const width of [390, 1_280]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} ${width}`).toBe(
            true,
          );
        }
      }
      expect(refused).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it('lead into the console: to the same job, queue and node', async () => {
    const context = await browser.newContext({ baseURL: api.url });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    for (const [path, link, address] of [
      [`/job/${jobId}`, 'this job', `/ui/jobs/${jobId}`],
      [`/job/${jobId}`, 'its queue lab', '/ui/jobs?queue=lab'],
      [`/jobs/${jobId}`, 'this job', `/ui/jobs/${jobId}`],
      ['/queues/lab', 'jobs of this queue', '/ui/jobs?queue=lab'],
      ['/agents/rack-1', 'this node', '/ui/nodes?node=rack-1'],
      ['/job_view.html?job=Node%3A+n1', 'this node', '/ui/nodes?node=n1'],
      ['/job_view.html?profile=gone', 'compare it', '/ui/profiles/compare?a=gone&b=median'],
      ['/topology.html', 'scrape targets', '/ui/targets'],
      [`/tasks/lab/jobs/${jobId}/stream`, 'This job', `/ui/jobs/${jobId}`],
      ['/agents', 'Drover', '/ui/'],
    ] as const) {
      await page.goto(path);
      await page.getByRole('link', { name: link, exact: true }).click();
      await page.waitForURL(`${api.url}${address}`);
    }
    await page.goto(`/job/${jobId}`);
    await page.getByRole('link', { name: 'this job' }).click();
    await page.getByRole('heading', { name: 'solve' }).waitFor();
    await context.close();
  }, 120_000);
});

describe('the style sheet of pages', () => {
  it('is one file for all, open to everybody and known by its tag', async () => {
    const given = await fetch(`${api.url}/look/pages.css`);
    expect([given.status, given.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(await given.text()).toContain('--accent');
    const etag = String(given.headers.get('etag'));
    const again = await fetch(`${api.url}/look/pages.css`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await fetch(`${api.url}/look/pages.css`, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
    for (const path of ['/look/', '/look/nope.css', '/look/..%2fhtml.js', '/look/%zz'])
      expect((await fetch(`${api.url}${path}`)).status, path).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${api.url}/look/pages.css`, { method: 'POST' })).status).toBe(404);
  });
});
