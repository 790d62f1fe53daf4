import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { startApi, type TestApi } from '../support/api.js';

const BURST = 20;

describe('the rate of an address without a login', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({
      passive: true,
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: 'x'.repeat(32),
        DROVER_RATE_LIMIT: '1',
        DROVER_RATE_BURST: String(BURST),
      },
    });
  });
  afterAll(() => api.close());

  /** The statuses of so many requests one after the other. */
  async function ask(path: string, times: number, token?: string): Promise<Response[]> {
    const answers: Response[] = [];
    for (let n = 0; n < times; n += 1) {
      const answer = await fetch(
        `${api.url}${path}`,
        token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } },
      );
      await answer.arrayBuffer();
      answers.push(answer);
    }
    return answers;
  }

  it('counts requests that are refused for their login or their path, and holds back nobody who logs in', async () => {
    const wrong = await ask('/api/v1/jobs', BURST / 2, 'guess.guess.guess');
    expect(wrong.map(({ status }) => status)).toEqual(Array.from({ length: BURST / 2 }, () => 401));
    const unknown = await ask('/nothing/here', BURST);
    expect(unknown[0]?.status).toBe(404);
    const last = unknown.at(-1);
    expect(last?.status).toBe(429);
    expect(Number(last?.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
    expect((await ask('/api/v1/jobs', 5, 'guess.guess.guess')).at(-1)?.status).toBe(429);
    expect((await ask('/api/v1/jobs', 1, await mint({ client_id: 'ci', role: 'viewer' })))[0]?.status).toBe(200);
    expect((await ask('/livez', 1))[0]?.status).toBe(200);
  });
});
