import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { expectAccessible, logIn, openScreen, shows } from './support.js';

const KEY = 'a-key-that-nobody-guesses';
let api: TestApi;
let browser: Browser;
let clients: ClientsService;

beforeAll(async () => {
  [browser, api] = await Promise.all([openBrowser(), startApi({ env: { DROVER_AUTH: 'oauth2' } })]);
  clients = api.app.get(ClientsService);
  for (const role of ['viewer', 'submitter', 'operator', 'agent'] as const)
    await clients.create(role, { key: KEY, role });
  const basic = Buffer.from(`submitter:${KEY}`).toString('base64');
  const { access_token: token } = (await (
    await fetch(`${api.url}/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` } })
  ).json()) as { access_token: string };
  await fetch(`${api.url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'theirs', command: 'true', env: { PASSWORD: 'of-the-submitter' } }),
  });
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
