import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobCountersService } from '@drover/metrics';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { ask, FakeNode, post } from '../support/fake-node.js';
import { expectAccessible, openScreen, shows, stateOf, submit } from './support.js';

/** Short enough for every name: a node's has 200 characters. */
const EVIL = `"><img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>`;
const COLUMNS = ['state', 'name', 'why', 'queue', 'node', 'owner', 'created', 'exit', 'tags', 'dialect', 'id'];

let api: TestApi;
let browser: Browser;
/** A target of webhooks that fails with a page. */
let hook: Server;
let beats: ReturnType<typeof setInterval> | undefined;
let failed: string;
let counts: string;
let parent: string;

beforeAll(async () => {
  hook = createServer((_request, response) => response.writeHead(500).end(EVIL));
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const target = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/?of=${EVIL}`;
  [browser, api] = await Promise.all([
    openBrowser(),
    startApi({
      env: { DROVER_WEBHOOK_NETWORKS: 'loopback', METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'counting' },
    }),
  ]);

  // A node whose every text is evil, with a queue of such a name. Its disk is full.
  const registered = await post(api.url, '/agent/v1/register', {
    name: `node ${EVIL}`,
    queues: [`queue ${EVIL}`],
    slots: 2,
    boot_id: 'boot',
    facts: {
      hostname: `host ${EVIL}`,
      version: `version ${EVIL}`,
      os: `system ${EVIL}`,
      cpus: 2,
      memory_mb: 100,
      gpus: [{ index: 0, name: `gpu ${EVIL}`, uuid: 'u' }],
      labels: { [`label ${EVIL}`]: `value ${EVIL}` },
      executors: ['process'],
      container_problem: `problem ${EVIL}`,
    },
  });
  expect(registered.status, registered.text).toBe(200);
  const beat = (): Promise<unknown> =>
    post(
      api.url,
      '/agent/v1/heartbeat',
      { slots_free: 2, running: [], blocked_by: 'disk_full' },
      { 'content-type': 'application/json', authorization: `Bearer ${registered.body.token}` },
    );
  await beat();
  // A node that is silent is lost, and not blocked any more.
  beats = setInterval(() => void beat().catch(() => undefined), 2_000);

  // A job that failed there, with a cause, an artifact and a webhook of such texts.
  const agent = await scriptedAgent(api.core, `agent ${EVIL}`);
  failed = await submit(api.url, {
    name: `job ${EVIL}`,
    command: `echo ${EVIL}`,
    tags: [`tag ${EVIL}`],
    webhooks: [{ url: target }],
  });
  const execution = await (await agent.claim(failed)).started();
  await execution.write(`out ${EVIL}\n`);
  const info = await api.core.blobs.put('artifacts/test/evil', Readable.from([Buffer.from('0123456789')]));
  await api.core.store.sql.run(
    `INSERT INTO artifact (job_id, execution_id, path, size, sha256, content_type, blob_key, created_at)
     VALUES ($1, $2, $3, $4, $5, 'text/html', 'artifacts/test/evil', now())`,
    [failed, execution.id, `out/artifact ${EVIL}`, info.size, info.sha256],
  );
  await api.core.reports.apply(agent.agent.id, [
    {
      execution_id: execution.id,
      epoch: execution.claim.epoch,
      kind: 'ended',
      ok: false,
      cause: 'spawn_error',
      cause_detail: `cause ${EVIL}`,
      exit_code: null,
      signal: null,
      exited_at: new Date().toISOString(),
      first_byte_at: null,
      stdout: { bytes: 0, sha256: '' },
      stderr: { bytes: 0, sha256: '' },
    },
  ]);
  await expectEventually(async () => expect(await stateOf(api.url, failed)).toBe('failed'));
  // Who submits has a name of letters; an older record, or another program, may have written anything.
  await api.core.store.sql.run('UPDATE job SET owner = $2 WHERE id = $1', [failed, `owner ${EVIL}`]);

  // A job that counts, and one with children.
  const counting = await FakeNode.register(api.url, 'counting');
  const runs = await scriptedAgent(api.core, 'counting');
  counts = await submit(api.url, { name: `counter ${EVIL}`, command: 'true' });
  await (await runs.claim(counts)).started();
  const counters = api.app.get(JobCountersService);
  const began = Date.now();
  for (const step of [1, 2, 3]) {
    await counting.job(counts, { [`metric_total{op="${EVIL.replaceAll('"', '\\"')}"}`]: step * 10 });
    await counters.keep(new Date(began + step * 5_000));
  }
  // Names of clients and addresses of targets are narrower than that, too.
  await api.core.store.sql.run(
    `INSERT INTO scrape_target (id, address, kind, period_s, health, failures, last_error, next_at, owner)
     VALUES (gen_random_uuid(), $1, 'prometheus', 60, 'down', 1, $2, now() + interval '1 day', $3)`,
    [`target ${EVIL}`, `error ${EVIL}`, `adder ${EVIL}`],
  );
  await api.core.store.sql.run(
    `INSERT INTO node_invitation (id, token_hash, queues, labels, created_by, expires_at)
     VALUES (gen_random_uuid(), '', ARRAY[$1], $2, $3, now() + interval '1 hour')`,
    [`invited ${EVIL}`, { [`asked ${EVIL}`]: `borne ${EVIL}` }, `inviter ${EVIL}`],
  );
  await api.core.store.sql.run(
    `INSERT INTO node_key (id, key_hash, name, queues, labels, invitation_id)
     VALUES (gen_random_uuid(), '', $1, ARRAY[$2], $3, gen_random_uuid())`,
    [`enrolled ${EVIL}`, `served ${EVIL}`, { [`kept ${EVIL}`]: `worn ${EVIL}` }],
  );
  parent = await submit(api.url, { name: `parent ${EVIL}`, queue: 'nowhere', command: 'true' });
  for (const at of [1, 2, 3])
    await submit(api.url, { name: `child ${at} ${EVIL}`, queue: 'nowhere', command: 'true', parent_id: parent });
  const paused = await post(api.url, '/api/v1/queues/nowhere/pause', { reason: `pause ${EVIL}` });
  expect(paused.status, paused.text).toBe(200);
  await expectEventually(async () => {
    const { body } = await ask(api.url, `/api/v1/jobs/${failed}/deliveries`);
    expect(body.deliveries[0].log.length).toBeGreaterThan(0);
  });
});
afterAll(async () => {
  clearInterval(beats);
  await browser?.close();
  await api?.close();
  hook?.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
});

/** The page made no element, no address and no work of a text. */
async function expectTexts(page: Page, path: string): Promise<void> {
  expect(
    await page.evaluate(`[
      globalThis.hit,
      document.querySelectorAll('img, #root script, [onerror]').length,
      [...document.querySelectorAll('a[href]')].filter((link) => !/^https?:$/.test(new URL(link.href).protocol)).length,
    ]`),
    path,
  ).toEqual([undefined, 0, 0]);
}

describe('whatever brings a text', () => {
  it('it is shown as it is on every screen, and never run', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, '/');
    await page.route('**/api/v1/session', async (route) => {
      const answer = await route.fetch();
      const session = (await answer.json()) as object;
      await route.fulfill({ response: answer, json: { ...session, client_id: `client ${EVIL}`, role: 'operator' } });
    });
    await page.evaluate(`localStorage.setItem('drover.jobs.columns', '${JSON.stringify(COLUMNS)}')`);
    const node = encodeURIComponent(`node ${EVIL}`);
    const screens: [path: string, ...brought: string[]][] = [
      ['/', 'cause', 'node', 'queue', 'pause'],
      ['/jobs', 'job', 'cause', 'agent', 'owner', 'tag', 'parent'],
      [`/jobs?parent=${parent}`, 'child 1', 'child 2'],
      [`/jobs/${failed}`, 'job', 'cause', 'agent', 'owner', 'tag', 'out'],
      [`/jobs/${failed}?tab=spec`, 'job', 'tag'],
      [`/jobs/${failed}?tab=events`, 'agent', 'cause'],
      [`/jobs/${failed}?tab=artifacts`, 'out/artifact'],
      [`/jobs/${failed}?tab=deliveries`, 'job'],
      [`/jobs/${counts}?tab=charts`, 'counter', 'metric_total'],
      [`/jobs/${parent}`, 'parent'],
      ['/queues', 'queue', 'pause', 'client'],
      ['/targets', 'target', 'error', 'adder'],
      ['/nodes', 'node', 'queue', 'label', 'version', 'problem'],
      [`/nodes?node=${node}`, 'node'],
      ['/nodes?node=' + encodeURIComponent(`nobody ${EVIL}`), 'nobody'],
      ['/timeline?period=10m', 'agent'],
      [`/timeline?period=10m&node=${node}`, 'node'],
      ['/profiles', 'job'],
      [`/profiles?q=${encodeURIComponent(`nothing ${EVIL}`)}`],
      [`/submit?from=${failed}`],
      [`/nothing ${encodeURIComponent(EVIL)}`],
    ];
    for (const [path, ...brought] of screens) {
      await page.goto(`/ui${path}`);
      for (const word of brought) {
        const text = word === 'metric_total' ? /metric_total.*onerror/ : new RegExp(`${word}[ =].*onerror`);
        await page.getByText(text).first().waitFor({ state: 'attached' });
      }
      if (brought.length === 0) await page.locator('h1, .empty').first().waitFor();
      await expectTexts(page, path);
    }
    await page.goto('/ui/nodes');
    await page.getByRole('button', { name: 'Add a machine' }).click();
    for (const word of ['invited', 'asked', 'borne', 'inviter', 'enrolled', 'served', 'kept', 'worn'])
      await page
        .getByText(new RegExp(`${word} .*onerror`))
        .first()
        .waitFor();
    await expectTexts(page, 'machines that are to come');
    // Names that show on hover, and in the palette.
    await page.goto(`/ui/jobs/${parent}`);
    const map = page.getByRole('group', { name: /^Children/ });
    await map.getByRole('link').focus();
    await shows(page, /^child 1 .*onerror/);
    await page.goto('/ui/timeline?period=10m');
    await page.locator('.tracks__bar[title*="onerror"]').first().waitFor();
    await page.keyboard.press('Control+k');
    for (const word of ['job', 'queue', 'node']) {
      await page.getByPlaceholder('A screen, job, queue or node').fill(`${word} "><img`);
      await page
        .getByRole('option', { name: new RegExp(`${word} .*onerror`) })
        .first()
        .waitFor();
    }
    await expectTexts(page, 'palette');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('the artifacts and deliveries of a job show whole, and its artifact is a download', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, `/jobs/${failed}?tab=artifacts`);
    for (const [look, width] of [
      ['light', 1_280],
      ['dark', 390],
    ] as const) {
      const other = await openScreen(browser, api.url, `/jobs/${failed}?tab=artifacts`, { look, width });
      await other.page.getByRole('cell', { name: '10 B' }).waitFor();
      await expectAccessible(other.page, `artifacts ${look}`);
      await other.page.getByRole('tab', { name: 'Deliveries' }).click();
      await other.page.getByRole('cell', { name: /^\d+ of \d+$/ }).waitFor();
      await other.page.getByRole('cell', { name: '500' }).waitFor();
      await expectAccessible(other.page, `deliveries ${look}`);
      expect(await other.page.evaluate('document.documentElement.scrollWidth <= innerWidth'), look).toBe(true);
      await other.context.close();
    }
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /artifact .*onerror/ }).click(),
    ]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe('0123456789');
    await expectTexts(page, 'download');
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('a node that takes no work', () => {
  it('says why on its screen and on the first one, with its labels and what it runs', async () => {
    const { page, context } = await openScreen(browser, api.url, '/nodes');
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^node / }) });
    await row.getByText('Its disk is full: it takes no work until there is room.').waitFor();
    await row.getByText(/^No containers: problem/).waitFor();
    await row.getByText(/^label .*=value /).waitFor();
    await expectAccessible(page, 'nodes');
    await page.goto('/ui/');
    await page
      .getByRole('region', { name: 'Needs you' })
      .getByRole('link', { name: /^node / })
      .click();
    await page.waitForURL(/\/ui\/nodes\?node=node/);
    await page.getByRole('link', { name: 'Show all nodes' }).waitFor();
    await expectEventually(async () => expect(await page.getByRole('rowheader').count()).toBe(1));
    await context.close();
  });
});

describe('a log of which output is missing', () => {
  it('says that it is not whole, and why', async () => {
    const { page, context } = await openScreen(browser, api.url, `/jobs/${failed}/log`);
    await shows(page, 'Not whole');
    await shows(page, 'The job wrote other bytes than the record has: a part of the log is missing.');
    // The ruler marks the end, at which output is missing.
    expect(await page.locator('.ruler__gap').count()).toBe(1);
    await expectAccessible(page, 'gap');
    expect(await page.getByRole('link', { name: 'Download' }).getAttribute('href')).toContain(`/jobs/${failed}/logs`);
    await context.close();
  });
});
