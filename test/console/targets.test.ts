import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { ask, post } from '../support/fake-node.js';
import { expectAccessible, expectAccessibleInEachLook, openScreen, shows } from './support.js';

const EVIL = '<img src=x onerror="document.title=\'run\'">';
const ENV = { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_SCRAPE_TIMEOUT: '1' };

let api: TestApi;
let browser: Browser;
let exporter: Server;
let address: string;
/** The exporter answers with this status. */
let status = 200;

beforeAll(async () => {
  exporter = createServer((request, response) => {
    response
      .writeHead(request.url === '/metrics' ? status : 404)
      .end('# TYPE x_total counter\nx_total 7\n# TYPE lvl gauge\nlvl 2\n');
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
  [browser, api] = await Promise.all([openBrowser(), startApi({ env: ENV })]);
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  exporter.closeAllConnections();
  await new Promise((resolve) => exporter.close(resolve));
});

describe('scrape targets', () => {
  it('are added, scraped, seen to fail and removed', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, '/jobs');
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL('**/ui/targets');
    await shows(page, 'Nothing is scraped.');
    await page.getByLabel('Address').fill(address);
    await page.getByLabel('Every, in seconds').fill('0.2');
    await page.getByLabel('Keep it when it fails').check();
    await page.keyboard.press('Enter');
    await shows(page, `${address} is scraped.`);
    const row = page.getByRole('row').filter({ hasText: address });
    await expect.poll(() => row.innerText(), { timeout: 20_000 }).toMatch(/up[\s\S]+now in \d+ ms\s+2\s+0\.2 s/);
    status = 500;
    await expect
      .poll(() => row.innerText(), { timeout: 20_000 })
      .toMatch(/down\s+\d+ failures? in a row[\s\S]+metrics answered 500\./);
    await expectAccessible(page, 'down');
    await page.getByRole('button', { name: `Remove ${address}` }).focus();
    await page.keyboard.press('Enter');
    await shows(page, 'Remove this target?');
    await expectAccessible(page, 'question');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await row.waitFor();
    await page.getByRole('button', { name: `Remove ${address}` }).click();
    await page.getByRole('button', { name: 'Remove the target' }).click();
    await shows(page, 'Nothing is scraped.');
    expect((await ask(api.url, '/api/v1/scrape-targets')).body.targets).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  }, 90_000);

  it('that are refused show the fault at its field, in the words of the API', async () => {
    const { page, context } = await openScreen(browser, api.url, '/targets');
    const field = page.getByLabel('Address');
    for (const [typed, fault] of [
      [`http://${address}`, 'Address must be host:port without http://, such as localhost:9100'],
      [
        '127.0.0.1:1',
        /^Address must answer now, as an exporter at \/metrics or as a metric proxy at \/job\/list \(.+\)$/,
      ],
      ['', /^Address must have/],
    ] as const) {
      await field.fill(typed);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText(fault).waitFor();
      expect(await field.getAttribute('aria-invalid'), typed).toBe('true');
    }
    await expectAccessible(page, 'fault');
    await page.getByLabel('Every, in seconds').fill('often');
    await field.fill(address);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText(/^Every, in seconds must be/).waitFor();
    await context.close();
    expect((await post(api.url, '/api/v1/scrape-targets', { address: 'nothing:at:all' })).body).toMatchObject({
      status: 422,
      errors: [{ field: 'address', value: 'nothing:at:all' }],
    });
  });

  it('are accessible in either look and on a phone, and nothing but texts', async () => {
    status = 200;
    const { id } = (await post(api.url, '/api/v1/scrape-targets', { address, keep: true, period_s: 86_400 })).body as {
      id: string;
    };
    await expect
      .poll(async () => (await ask(api.url, `/api/v1/scrape-targets/${id}`)).body.health, { timeout: 10_000 })
      .toBe('up');
    await api.core.store.sql.run(
      `UPDATE scrape_target SET address = $2, owner = $2, last_error = $2, health = 'down', failures = 2 WHERE id = $1`,
      [id, EVIL],
    );
    const { page, context, errors } = await openScreen(browser, api.url, '/targets');
    await shows(page, EVIL);
    await expectAccessibleInEachLook(page, 'targets');
    expect([await page.locator('img').count(), await page.title()]).toEqual([0, 'Targets - Drover']);
    expect(errors).toEqual([]);
    await context.close();
    await ask(api.url, `/api/v1/scrape-targets/${id}`, { method: 'DELETE' });
  });
});

it('who may not change targets sees no button that would be refused', async () => {
  const locked = await startApi({ env: { ...ENV, DROVER_AUTH: 'oauth2' } });
  try {
    const clients = locked.app.get(ClientsService);
    for (const role of ['viewer', 'operator'] as const) await clients.create(role, { key: 'a-key-of-somebody', role });
    for (const [role, count] of [
      ['viewer', 0],
      ['operator', 1],
    ] as const) {
      const { page, context } = await openScreen(browser, locked.url, '/targets');
      await page.getByLabel('Client').fill(role);
      await page.getByLabel('Key').fill('a-key-of-somebody');
      await page.getByRole('button', { name: 'Log in' }).click();
      await shows(page, 'Nothing is scraped.');
      expect(await page.getByRole('button', { name: 'Add', exact: true }).count(), role).toBe(count);
      await context.close();
    }
  } finally {
    await locked.close();
  }
});
