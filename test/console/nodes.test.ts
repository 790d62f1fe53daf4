import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { program } from '../support/built.js';
import { ask, post } from '../support/fake-node.js';
import { processesWith } from '../support/processes.js';
import { Program } from '../support/program.js';
import { Shell } from '../support/shell.js';
import { expectAccessible, openScreen, shows } from './support.js';

let api: TestApi;
let browser: Browser;
/** The new machine's files. */
let folder: string;
let worker: Program | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-machine-'));
  [browser, api] = await Promise.all([openBrowser(), startApi()]);
});
afterAll(async () => {
  await browser?.close();
  if (worker?.running) await worker.stop();
  for (const { pid } of processesWith(folder)) process.kill(pid, 'SIGKILL');
  await api?.close();
  rmSync(folder, { recursive: true, force: true });
});

const invite = async (terms: object): Promise<string> => {
  const answer = await post(api.url, '/api/v1/nodes/invitations', terms);
  expect(answer.status, answer.text).toBe(201);
  return (answer.body as { id: string }).id;
};
const stateOfInvitation = async (id: string): Promise<string | undefined> => {
  const { invitations } = (await ask(api.url, '/api/v1/nodes/invitations')).body as {
    invitations: { id: string; state: string }[];
  };
  return invitations.find((one) => one.id === id)?.state;
};

describe('a machine', () => {
  it('is added by the line that the console shows, is seen to come, and is revoked', async () => {
    const { page, context, errors } = await openScreen(browser, api.url, '/nodes');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await shows(page, 'There is no node yet.');
    await page.getByRole('button', { name: 'Add a machine' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a machine' });
    await dialog.getByLabel('Queues').fill('build, gpu');
    await dialog.getByLabel('Labels').fill('zone=a');
    await dialog.getByLabel('Slots at most').fill('2');
    await dialog.getByLabel('Can be used for').selectOption('10 minutes');
    await dialog.getByRole('button', { name: 'Invite the machine' }).click();
    await dialog.getByText(/It works once, until .+ \(in (10|9)m\)\./).waitFor();
    await expectAccessible(page, 'invited');
    // The line is longer than the dialog, which does not scroll sideways for it.
    const box = `document.querySelector('.dialog')`;
    expect(await page.evaluate(`${box}.scrollWidth <= ${box}.clientWidth`)).toBe(true);

    // Where it finds the API may be changed; what is no address makes no line.
    const address = dialog.getByLabel('The machine finds the API at');
    const line = dialog.getByText(/^DROVER_ENROL_TOKEN=/);
    expect(await address.inputValue()).toBe(api.url);
    await dialog.getByText('For another machine, give the address at which it finds this one.').waitFor();
    await address.fill('http://broker.lab.example:8080/');
    await dialog.getByText('It is not encrypted:').waitFor();
    expect(await line.textContent()).toMatch(/ --url http:\/\/broker\.lab\.example:8080$/);
    await address.fill('broker');
    await line.waitFor({ state: 'detached' });
    expect(await address.getAttribute('aria-invalid')).toBe('true');
    await address.fill(api.url);
    await dialog.getByRole('button', { name: 'Copy the command' }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect([copied, copied]).toEqual([
      await line.textContent(),
      expect.stringMatching(new RegExp(`^DROVER_ENROL_TOKEN=invite\\.\\S+ drover enrol --url ${api.url}$`)),
    ]);

    const settings = join(folder, 'worker.env');
    const shell = new Shell(folder, { PATH: process.env['PATH'] ?? '', HOME: folder });
    try {
      await shell.run(`drover() { '${process.execPath}' '${program('cli')}' "$@"; }`);
      const enrolled = await shell.run(`${copied} --name rack-1 --file '${settings}'`);
      expect([enrolled.code, enrolled.lines.join('\n')]).toEqual([0, expect.stringContaining('rack-1')]);
    } finally {
      shell.close();
    }
    await dialog.getByText(/rack-1 is enrolled, from .*127\.0\.0\.1\./).waitFor();
    await dialog.getByText('drover worker', { exact: true }).waitFor();
    await dialog.getByText('rack-1, for build, gpu, at most 2 slots').waitFor();
    await expectAccessible(page, 'enrolled');

    worker = new Program({
      name: 'rack-1',
      argv: [process.execPath, program('cli'), 'worker', '--file', settings],
      env: { DROVER_DATA_DIR: join(folder, 'data'), DROVER_ISOLATION: 'none' },
      logPath: join(folder, 'rack-1.log'),
    });
    worker.start();
    await dialog.getByText('rack-1 serves build, gpu.').waitFor({ timeout: 60_000 });
    await dialog.getByText('Machines that are to come').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Close' }).click();

    const row = page.getByRole('row').filter({ hasText: 'rack-1' });
    await row.getByText('zone=a').waitFor();
    await row.getByRole('button', { name: 'Revoke rack-1' }).click();
    await shows(page, /^The key of rack-1 ends: /);
    await expectAccessible(page, 'revoke');
    await page.getByRole('button', { name: 'Revoke the node' }).click();
    await shows(page, 'rack-1 is revoked.');
    await row.getByRole('button', { name: 'Revoke rack-1' }).waitFor({ state: 'detached' });
    expect((await ask(api.url, '/api/v1/nodes')).body.nodes).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('invitations', () => {
  it('that are open are listed, and revoked', async () => {
    const [gone, stays] = [
      await invite({ queues: ['alpha'] }),
      await invite({ queues: ['beta'], labels: { rack: '7' } }),
    ];
    const { page, context, errors } = await openScreen(browser, api.url, '/nodes');
    await page.getByRole('button', { name: 'Add a machine' }).click();
    const row = (queue: string) => page.getByRole('listitem').filter({ hasText: `One for ${queue}` });
    await row('beta').getByText('rack=7').waitFor();
    await row('alpha').getByRole('button', { name: 'Revoke the invitation for alpha' }).click();
    await shows(page, 'The invitation is revoked.');
    await row('alpha').waitFor({ state: 'detached' });
    await row('beta').waitFor();
    expect([await stateOfInvitation(gone), await stateOfInvitation(stays)]).toEqual(['revoked', 'open']);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('that are refused show the fault at its field, in the words of the API', async () => {
    const { page, context } = await openScreen(browser, api.url, '/nodes', { look: 'dark', width: 390 });
    await page.getByRole('button', { name: 'Add a machine' }).click();
    const dialog = page.getByRole('dialog');
    for (const [label, typed, fault] of [
      ['Queues', 'a=b', /^Queues must be a queue name: /],
      ['Labels', 'fast', /^Labels must be an object of at most 32 labels: /],
      ['Slots at most', 'many', /^Slots at most must be a whole number/],
    ] as const) {
      await dialog.getByLabel(label).fill(typed);
      await dialog.getByRole('button', { name: 'Invite the machine' }).click();
      await dialog.getByText(fault).waitFor();
      expect(await dialog.getByLabel(label).getAttribute('aria-invalid'), label).toBe('true');
    }
    await expectAccessible(page, 'faults');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await context.close();
  });

  // Last: it leaves as many as there may be.
  it('of which too many are open are not all drawn, and one more is refused with the sentence of the API', async () => {
    await api.core.store.sql.run(
      `INSERT INTO node_invitation (id, token_hash, queues, labels, ticket_login, created_by, expires_at)
       SELECT gen_random_uuid(), sha256(n::text::bytea), '{crowd}', '{}', false, 'somebody', now() + interval '1 hour'
       FROM generate_series(1, 1000) AS n`,
    );
    const { page, context } = await openScreen(browser, api.url, '/nodes');
    await page.getByRole('button', { name: 'Add a machine' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^And 950 more: /).waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(50);
    await dialog.getByRole('button', { name: 'Invite the machine' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/invitations are open, and more are not made/)
      .waitFor();
    await context.close();
  });
});
