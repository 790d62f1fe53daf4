import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../../../../test/support/agent.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { openBrowser } from '../../../../test/support/browser.js';

const PHONE = { width: 390, height: 844 };

describe('the pages as a person sees them', () => {
  let api: TestApi;
  let browser: Browser;
  let id: string;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    browser = await openBrowser();
    const agent = await scriptedAgent(api.core);
    const { job } = await api.core.submits.submit({
      queue: 'default',
      owner: 'someone',
      name: 'a-job-with-a-rather-long-name',
      dialect: 'flux',
      spec: { command: ['make', '-j', '16', 'everything-that-can-be-made'] },
    });
    id = job.id;
    const execution = await (await agent.claim(id)).started();
    const line = (n: number): string => `\u001b[32mline ${n}\u001b[0m ${'.'.repeat(80)}\u009b2J\n`;
    for (let from = 0; from < 10_000; from += 1_000)
      await execution.write(Array.from({ length: 1_000 }, (_, n) => line(from + n)).join(''));
    await execution.ended();
  });
  afterAll(async () => {
    await browser.close();
    await api.close();
  });

  const get = async (path: string, accept = 'text/html'): Promise<{ status: number; text: string; type: string }> => {
    const answer = await fetch(`${api.url}${path}`, { headers: { accept } });
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') ?? '' };
  };

  it('show the end of a long log without escape sequences, and a link to all of it', async () => {
    const { text } = await get(`/job/${id}`);
    expect(text).toContain('line 9999 ');
    expect(text).toContain('line 8001 ');
    expect(text).not.toContain('line 7990 ');
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(text).not.toContain('[32m');
    expect(text).toMatch(/The last lines; <a href="\/v1\/jobs\/[^"]+\/output\/stream">all of it<\/a>/);
  });

  it('keep the table of a job as high as its rows, beside the log', async () => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(`${api.url}/job/${id}`);
    const heights = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.columns table tr')].map((row) => row.getBoundingClientRect().height)`,
    );
    expect(Math.max(...heights)).toBeLessThan(200);
    expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(3_000);
    await page.close();
  });

  it('are readable on a phone: no column is narrower than its words, and the page itself does not scroll sideways', async () => {
    const page = await browser.newPage({ viewport: PHONE });
    for (const path of [
      '/jobs',
      `/job/${id}`,
      '/jobs/submit',
      '/agents',
      '/queues',
      '/page/about',
      '/nobody/is/here',
    ]) {
      await page.goto(`${api.url}${path}`);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
        PHONE.width,
      );
      // A cell with letters one below the other is many lines high and a letter wide.
      const narrow = await page.evaluate<number>(
        `[...document.querySelectorAll('td, th')].filter((cell) => cell.textContent.length > 4 && cell.getBoundingClientRect().width < 40).length`,
      );
      expect(narrow, path).toBe(0);
    }
    await page.close();
  });

  it('answer a browser with a page where nothing is, and a program with a problem', async () => {
    const page = await get('/nobody/<is>/here');
    expect([page.status, page.type]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.text).toContain('No such page');
    expect(page.text).not.toContain('<is>');
    expect(await get('/nobody/is/here', '*/*')).toMatchObject({ status: 404, type: expect.stringContaining('json') });
    expect((await get('/api/v1/jobs/00000000-0000-7000-8000-000000000000')).type).toContain('json');
    for (const [, href = ''] of (await get('/jobs')).text.matchAll(/href="(\/[^"]*)"/g))
      expect((await get(href)).status, href).toBe(200);
  });

  it('list the workers of Drover among the agents', async () => {
    expect((await get('/agents')).text).toContain('/agents/scripted');
    expect((await get('/agents/scripted')).status).toBe(200);
  });
});
