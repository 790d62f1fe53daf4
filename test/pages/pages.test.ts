import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser, watch } from '../support/browser.js';
import { FakeNode, jobDesc, post } from '../support/fake-node.js';

/** Runs when it becomes an element; whatever shows it must show it as it is written. */
const EVIL = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";

let api: TestApi;
let browser: Browser;
let jobId: string;
beforeAll(async () => {
  const env = { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_ALARM_PERIOD: '0.2' };
  [browser, api] = await Promise.all([openBrowser(), startApi({ env })]);
  const submission = {
    queue: EVIL,
    owner: EVIL,
    name: EVIL,
    dialect: 'native',
    spec: { command: EVIL, env: { A: EVIL } },
    metadata: { note: EVIL },
  } as const;
  jobId = (await api.core.submits.submit(submission)).job.id;
  const node = await FakeNode.register(api.url, 'n1');
  const labelled = `io_total{op="${EVIL.replaceAll('"', '\\"')}"}`;
  await node.system({ hot_g: 20, proxy_cpu_total: 2 });
  await node.job(
    EVIL,
    { it: 15, [labelled]: 3, level_g: 2.5 },
    { desc: jobDesc(EVIL, { command: EVIL, partition: EVIL, cluster: EVIL, nodelist: EVIL }) },
  );
  await node.job('gone', { it: 15, [labelled]: 3 }, { desc: jobDesc('gone', { command: EVIL }) });
  await node.job('gone', { it: 15, [labelled]: 3 }, { live: false });
  await post(api.url, '/push', { name: 'documented', doc: EVIL, type: 'counter', value: 1 });
  for (const name of [EVIL, `firing ${EVIL}`]) {
    await post(api.url, '/alarms/add', { name, target: EVIL, metric: 'it', operation: { More: 10 } });
  }
  await post(api.url, '/api/v1/alarms', { name: EVIL, metric: 'hot_g', operator: '>', threshold: 3 });
  await post(api.url, '/v1/jobs', { id: EVIL, user: EVIL, nodes: [EVIL] });
  await post(api.url, `/v1/agents/data/${encodeURIComponent('rack-1')}`, {
    state: 'waiting',
    queues: ['lab', EVIL],
    location: EVIL,
    comment: EVIL,
    provision_type: EVIL,
  });
  await post(api.url, '/v1/agents/queues', { lab: EVIL });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** Every path the router answers to GET, with something that exists in the place of its parameters. */
function paths(): string[] {
  const { router } = api.app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  const found = router.stack.flatMap(({ route }) =>
    route && (route.methods['get'] || route.methods['_all']) ? [route.path] : [],
  );
  const filled = found.map((path) =>
    path
      .replace(/:(job_id|id|uid|job)\b/, jobId)
      .replace(/^\/agents\/:name/, '/agents/rack-1')
      .replace(':type', 'output')
      .replace(/:\w+/g, 'lab')
      .replace(/\*\w+/g, 'a/b'),
  );
  const query = { '/v1/job': '?queue=lab' } as Record<string, string>;
  return [...new Set(filled)].map((path) => `${path}${query[path] ?? ''}`);
}

interface Given {
  path: string;
  status: number;
  headers: Headers;
}

async function get(path: string): Promise<Given> {
  const gone = new AbortController();
  const response = await fetch(`${api.url}${path}`, {
    headers: { accept: 'text/html,application/json;q=0.5' },
    redirect: 'manual',
    signal: gone.signal,
  });
  gone.abort();
  await response.body?.cancel().catch(() => undefined);
  return { path, status: response.status, headers: response.headers };
}

/** As many of them at once. */
const AT_ONCE = 4;

/** Does it with all of them, in order, a few at a time. */
async function each<T, R>(all: T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = all.map((one, at) => [at, one] as const);
  const go = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, go));
  return results;
}

const isPage = ({ headers }: Given): boolean => /text\/html/.test(headers.get('content-type') ?? '');

describe('every answer', () => {
  it('is framed nowhere, guessed to be nothing else, and runs nothing that its page does not name', async () => {
    const answers = await each(
      [...paths(), '/nowhere', '/docs/', '/docs-json', '/docs-yaml', '/api/v1/nowhere', '/%zz'],
      get,
    );
    expect(answers.length).toBeGreaterThan(80);
    const pages = answers.filter(isPage);
    expect(pages.length).toBeGreaterThan(12);
    for (const { path, headers } of answers) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'none'");
      // An artifact is in a sandbox besides.
      if (!policy.includes('sandbox'))
        expect(policy, path).toMatch(/base-uri 'none'; form-action '(none|self)'; frame-ancestors 'none'/);
      expect(/script-src[^;]*(unsafe|\*|https?:|data:|blob:)/.test(policy), `${path}: ${policy}`).toBe(false);
      expect([headers.get('x-content-type-options'), headers.get('x-frame-options')], path).toEqual([
        'nosniff',
        'DENY',
      ]);
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
    }
  }, 120_000);
});

describe('/docs', () => {
  it('works in a browser under the policy of all pages, and shows our document alone', async () => {
    const seen = await watch(browser, api.url);
    await seen.page.goto('/docs?url=https://evil.example/openapi.json');
    await seen.page.locator('.opblock-tag', { hasText: 'jobs' }).first().waitFor();
    await seen.page.locator('.opblock-summary').first().click();
    await seen.page.locator('.opblock-body').first().waitFor();
    expect([seen.foreign, seen.errors]).toEqual([[], []]);
    expect(await seen.page.locator('script:not([src])').count()).toBe(0);
    await seen.page.context().close();
  }, 60_000);
});

describe('text that is markup', () => {
  it('is text on every page', async () => {
    const pages = (await each(paths(), get)).filter(isPage).map(({ path }) => path);
    const of = (path: string, parameters: Record<string, string>) => `${path}?${new URLSearchParams(parameters)}`;
    pages.push(
      of('/jobs', { query: EVIL }),
      of('/job_view.html', { job: EVIL }),
      of('/job_view.html', { job: 'main' }),
      of('/job_view.html', { profile: 'gone' }),
      of('/job_view.html', { profile: 'gone', with: EVIL }),
      of('/job_view.html', { job: 'Node: n1' }),
      of('/job_view.html', { job: `./app ${EVIL}` }),
      of(`/job/${jobId}`, { msg: EVIL }),
      `/job/${encodeURIComponent(EVIL)}`,
      `/queues/${encodeURIComponent(EVIL)}`,
      `/agents/${encodeURIComponent(EVIL)}`,
      `/tasks/${encodeURIComponent(EVIL)}/jobs/x/stream`,
      of('/docs', { url: EVIL }),
      `/nowhere/${encodeURIComponent(EVIL)}`,
    );
    expect(pages.length).toBeGreaterThan(20);
    const seen = await watch(browser, api.url);
    let shown = 0;
    for (const path of pages) {
      await seen.page.goto(path);
      // Its parts ask for data after the load.
      await seen.page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
      const made = await seen.page.locator('img[src="x"], [onerror]').count();
      expect([made, await seen.page.title()], path).toEqual([0, expect.not.stringMatching(/^run$/)]);
      if ((await seen.page.locator('body').innerText()).includes('<img src=x')) shown += 1;
    }
    // A page that shows nothing of it would prove nothing.
    expect(shown).toBeGreaterThanOrEqual(6);
    expect(seen.foreign).toEqual([]);
    expect(seen.errors.filter((error) => /Content Security Policy|Refused to|TrustedHTML/.test(error))).toEqual([]);
    await seen.page.context().close();
  }, 180_000);
});
