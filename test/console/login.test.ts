import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { expectAccessible, logIn, openScreen, shows, submit } from './support.js';

const KEY = 'a-key-that-nobody-guesses';
const ENROLMENT = 'a token for new workers';
let api: TestApi;
let browser: Browser;
let clients: ClientsService;
let theirs: string;

beforeAll(async () => {
  [browser, api] = await Promise.all([
    openBrowser(),
    startApi({ env: { DROVER_AUTH: 'oauth2', DROVER_ENROLMENT_TOKEN: ENROLMENT } }),
  ]);
  clients = api.app.get(ClientsService);
  for (const role of ['viewer', 'submitter', 'operator', 'agent'] as const)
    await clients.create(role, { key: KEY, role });
  const basic = Buffer.from(`submitter:${KEY}`).toString('base64');
  const { access_token: token } = (await (
    await fetch(`${api.url}/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` } })
  ).json()) as { access_token: string };
  theirs = await submit(
    api.url,
    { name: 'theirs', command: 'true', env: { PASSWORD: 'of-the-submitter' } },
    { authorization: `Bearer ${token}` },
  );
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

describe('where people log in, the console', () => {
  it('asks who somebody is before it shows anything, and then shows the screen of the address', async () => {
    for (const look of ['light', 'dark'] as const) {
      const screen = await openScreen(browser, api.url, '/jobs?queue=default', { look });
      await screen.page.getByRole('heading', { name: 'Log in to Drover' }).waitFor();
      await expectAccessible(screen.page, `login ${look}`);
      await logIn(screen, 'submitter', 'another key than theirs');
      await shows(screen.page, 'There is no client with this id and key.');
      await logIn(screen, 'submitter', KEY);
      await screen.page.getByRole('link', { name: 'theirs' }).waitFor();
      expect(new URL(screen.page.url()).search).toBe('?queue=default');
      await screen.page.reload();
      await screen.page.getByRole('link', { name: 'theirs' }).waitFor();
      expect(screen.errors).toEqual([]);
      await screen.context.close();
    }
  });

  it('forgets what it has read when somebody logs out', async () => {
    const screen = await openScreen(browser, api.url, '/jobs');
    await logIn(screen, 'submitter', KEY);
    await screen.page.getByRole('link', { name: 'theirs' }).waitFor();
    await screen.page.getByRole('button', { name: 'Log out' }).click();
    await screen.page.getByRole('heading', { name: 'Log in to Drover' }).waitFor();
    expect(await screen.page.getByText('theirs').count()).toBe(0);
    expect((await screen.context.cookies()).filter(({ name }) => name.includes('drover'))).toEqual([]);
    await screen.page.goto('/ui/jobs');
    await screen.page.reload();
    await screen.page.getByRole('heading', { name: 'Log in to Drover' }).waitFor();
    await screen.context.close();
  });

  it('offers a viewer nothing that would be refused, and an operator all of it', async () => {
    const refusable = /^(Cancel|Retry|Clone and edit|Pause|Resume|Drain|Undrain|Priority|Tag)\b/;
    const offers = async (client: string): Promise<number[]> => {
      const screen = await openScreen(browser, api.url, '/jobs');
      await logIn(screen, client, KEY);
      const { page } = screen;
      const link = page.getByRole('link', { name: 'theirs' });
      await link.waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await shows(page, '1 job selected');
      const counts: number[] = [];
      const count = async (): Promise<number> =>
        counts.push(await page.getByRole('button', { name: refusable }).count());
      await count();
      await link.click();
      await page.getByRole('heading', { name: 'theirs' }).waitFor();
      await count();
      await page.goto('/ui/queues');
      await page.getByRole('link', { name: 'default' }).waitFor();
      await count();
      counts.push(await page.getByRole('link', { name: 'Submit' }).count());
      expect(screen.errors).toEqual([]);
      await screen.context.close();
      return counts;
    };
    expect(await offers('viewer')).toEqual([0, 0, 0, 0]);
    expect((await offers('submitter')).map((count) => count > 0)).toEqual([true, true, false, true]);
    expect((await offers('operator')).map((count) => count > 0)).toEqual([true, true, true, true]);
  });

  it('leads a viewer through every screen, and asks for nothing that is refused', { timeout: 300_000 }, async () => {
    const answer = await fetch(`${api.url}/agent/v1/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ENROLMENT}` },
      body: JSON.stringify({
        name: 'n1',
        queues: ['default'],
        slots: 2,
        boot_id: 'boot',
        facts: { hostname: 'n1', version: '0', os: 'x', cpus: 1, memory_mb: 1, gpus: [], labels: {}, executors: [] },
      }),
    });
    expect(answer.status).toBe(200);
    const { token } = (await answer.json()) as { token: string };
    const beats = setInterval(
      () =>
        void fetch(`${api.url}/agent/v1/heartbeat`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ slots_free: 2, running: [] }),
        }).catch(() => undefined),
      2_000,
    );
    const acts = /^(Cancel|Retry|Clone|Pause|Resume|Drain|Undrain|Silence|Add|End|Save|Delete|Remove|Revoke|Submit)\b/;
    const walk = async (client: string): Promise<Record<string, number>> => {
      const screen = await openScreen(browser, api.url, '/');
      const { page } = screen;
      await logIn(screen, client, KEY);
      await shows(page, 'Slots');
      const refused: string[] = [];
      page.on('response', (response) => {
        if ([401, 403].includes(response.status())) refused.push(`${response.status()} ${response.url()}`);
      });
      const offers: Record<string, number> = {};
      for (const [path, text] of [
        ['/', 'Slots'],
        ['/jobs', 'theirs'],
        [`/jobs/${theirs}`, 'theirs'],
        [`/jobs/${theirs}?tab=charts`, /There are no readings yet/],
        [`/jobs/${theirs}?tab=events`, 'job.queued'],
        [`/jobs/${theirs}?tab=spec`, '"PASSWORD"'],
        [`/jobs/${theirs}?tab=runs`, 'There is no earlier run of this command or name.'],
        [`/jobs/${theirs}?tab=artifacts`, 'This job left no artifact.'],
        [`/jobs/${theirs}?tab=deliveries`, /^Nobody is told of this job/],
        [`/jobs/${theirs}/log`, 'theirs'],
        ['/queues', 'default'],
        ['/nodes', 'online'],
        ['/timeline', 'Draw over the lanes to choose a part.'],
        ['/alarms', 'There is no alarm yet.'],
        ['/alarms?tab=silences', 'Nothing is silent.'],
        ['/alarms?tab=history', 'No alarm has fired yet.'],
        ['/profiles', /^(There is no|No) profile/],
        ['/targets', 'Nothing is scraped.'],
      ] as const) {
        await page.goto(`/ui${path}`);
        await shows(page, text);
        await page.locator('.bone').first().waitFor({ state: 'detached' });
        await expectAccessible(page, `${path} of ${client}`);
        offers[path] = await page.getByRole('main').getByRole('button', { name: acts }).count();
      }
      expect(refused, client).toEqual([]);
      expect(screen.errors, client).toEqual([]);
      await screen.context.close();
      return offers;
    };
    try {
      expect(Object.entries(await walk('viewer')).filter(([, count]) => count > 0)).toEqual([]);
      const offered = await walk('operator');
      for (const path of ['/', `/jobs/${theirs}`, '/queues', '/nodes', '/alarms?tab=silences', '/targets'])
        expect(offered[path], path).toBeGreaterThan(0);
    } finally {
      clearInterval(beats);
    }
  });

  it('lets a submitter submit, read the log as it comes and cancel, and an operator pause and drain', async () => {
    const agent = await scriptedAgent(api.core, 'node-of-sessions', ['sessions']);
    const submitters = await openScreen(browser, api.url, '/submit');
    await logIn(submitters, 'submitter', KEY);
    await submitters.page.getByLabel('Command', { exact: true }).fill('make it');
    await submitters.page.getByLabel('Name', { exact: true }).fill('of a session');
    await submitters.page.getByLabel('Queue', { exact: true }).fill('sessions');
    await submitters.page.getByRole('button', { name: 'Submit' }).click();
    await submitters.page.getByRole('heading', { name: 'of a session' }).waitFor();
    const id = new URL(submitters.page.url()).pathname.split('/').at(-1) ?? '';
    expect((await api.core.query.get(id)).owner).toBe('submitter');
    const execution = await (await agent.claim(id)).started();
    for (const line of ['line 1', 'line 2']) {
      await execution.write(`${line}\n`);
      await submitters.page.getByText(line, { exact: true }).waitFor();
    }
    await submitters.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await submitters.page.getByRole('button', { name: 'Cancel the job' }).click();
    await submitters.page.locator('header .state', { hasText: 'cancelling' }).waitFor();
    await execution.ended({ cause: 'signal', signal: 'SIGTERM' });
    await submitters.page.locator('header .state', { hasText: 'cancelled' }).waitFor();
    const operators = await openScreen(browser, api.url, '/queues');
    await logIn(operators, 'operator', KEY);
    await operators.page.getByRole('button', { name: 'Pause sessions' }).click();
    await operators.page.getByLabel('Why, for those who wait').fill('new disks');
    await operators.page.getByRole('button', { name: 'Pause the queue' }).click();
    await shows(operators.page, /^new disks, by operator$/);
    await operators.page.getByRole('button', { name: 'Resume sessions' }).click();
    await operators.page.getByRole('button', { name: 'Pause sessions' }).waitFor();
    await operators.page.goto('/ui/nodes');
    await operators.page.getByRole('button', { name: 'Drain node-of-sessions', exact: true }).click();
    await operators.page.getByRole('button', { name: 'Undrain node-of-sessions', exact: true }).click();
    await operators.page.getByRole('button', { name: 'Drain node-of-sessions', exact: true }).waitFor();
    for (const { errors, context } of [submitters, operators]) {
      expect(errors).toEqual([]);
      await context.close();
    }
  });

  it('shows a viewer no secret of a job', async () => {
    const screen = await openScreen(browser, api.url, '/jobs');
    await logIn(screen, 'viewer', KEY);
    await screen.page.getByRole('link', { name: 'theirs' }).click();
    await screen.page.getByRole('tab', { name: 'Spec' }).click();
    await shows(screen.page, /"PASSWORD"/);
    expect(await screen.page.content()).not.toContain('of-the-submitter');
    await screen.context.close();
  });

  it('says to a client without the right to look what it lacks', async () => {
    const screen = await openScreen(browser, api.url, '/jobs');
    await logIn(screen, 'agent', KEY);
    await shows(screen.page, 'Client agent has the role agent, which may not look at jobs.');
    await screen.context.close();
  });

  it('asks again once the client is revoked, without a reload', async () => {
    await clients.create('leaver', { key: KEY, role: 'submitter' });
    const screen = await openScreen(browser, api.url, '/queues');
    await logIn(screen, 'leaver', KEY);
    await screen.page.getByRole('link', { name: 'default' }).waitFor();
    await clients.revoke('leaver');
    await screen.page.getByRole('heading', { name: 'Log in to Drover' }).waitFor();
    await expectEventually(async () =>
      expect(await screen.page.getByRole('link', { name: 'default' }).count()).toBe(0),
    );
    await screen.context.close();
  });
});
