import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineReader, type Doorbells, type LogSearch, type SearchNews } from '@drover/live';
import { executionStore } from '@drover/store';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { PROJECT } from '../support/built.js';
import { client } from '../support/http.js';

/** The log has ended: nothing more is told of it. */
const SILENT = {
  listen: () => ({ wait: () => Promise.resolve(), close: () => undefined }),
} as unknown as Doorbells;

describe('the time that a search may take', () => {
  let api: TestApi;
  let execution: string;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    const job = (await client(api.url).post('/api/v1/jobs', { command: 'true', queue: 'slow' })).body as { id: string };
    const running = await (await (await scriptedAgent(api.core, 'slow-1', ['slow'])).claim(job.id)).started();
    await running.write('first line\n');
    for (let chunk = 0; chunk < 5; chunk += 1) await running.write(`${'e'.repeat(1_000)}\n`.repeat(400));
    await running.ended();
    execution = running.id;
  });
  afterAll(() => api.close());

  /** Everything that a search tells. */
  async function search(regex: string, first: number, budgetMs: number): Promise<SearchNews[]> {
    const found: SearchNews[] = [];
    const row = await executionStore.get(api.core.store.sql, execution);
    if (!row) throw new Error('There is no such execution.');
    // Its thread is a program: it runs as it was built.
    const built = (await import(join(PROJECT, 'dist/libs/live/src/log-search.js'))) as { LogSearch: typeof LogSearch };
    const searches = new built.LogSearch(api.core.store, api.app.get(LineReader), SILENT);
    const news = searches.search(row, {
      ...{ regex, ignoreCase: false, stream: null, follow: false },
      ...{ first, before: 0, after: 0, limit: 100, budgetMs, signal: new AbortController().signal },
    });
    for await (const one of news) found.push(one);
    return found;
  }

  it('ends a search that would take longer, and says with which line to go on', async () => {
    const news = await search('(.*e.*){50}xyz$', 0, 2);
    expect(news.at(-1)).toMatchObject({ type: 'end', reason: 'time', next: expect.any(Number) });
    const { next } = news.at(-1) as { next: number };
    expect(next).toBeLessThan(2_001);
    expect((await search('e$', next - 1, 60_000)).at(-1)).toMatchObject({ type: 'end', reason: 'limit' });
  });
});
