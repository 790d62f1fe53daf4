import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { HookServer } from '../support/hook-server.js';
import { client } from '../support/http.js';
import { MailServer } from '../support/mail-server.js';
import { startRedis, type TestRedis } from '../support/redis.js';

let api: TestApi;
let redis: TestRedis;
let hooks: HookServer;
let mails: MailServer;
let http: ReturnType<typeof client>;

beforeAll(async () => {
  [redis, hooks, mails] = await Promise.all([
    startRedis(),
    HookServer.start(),
    MailServer.start({ user: 'drover', password: 'p@ss' }),
  ]);
  api = await startApi({
    redisUrl: redis.url,
    env: {
      DROVER_WEBHOOK_NETWORKS: 'loopback',
      DROVER_WEBHOOK_TIMEOUT: '500ms',
      DROVER_SMTP_URL: `smtp://drover:${encodeURIComponent('p@ss')}@127.0.0.1:${mails.port}`,
      DROVER_MAIL_FROM: 'Drover <drover@example.org>',
    },
  });
  http = client(api.url);
});
afterAll(async () => {
  await api?.close();
  await Promise.all([hooks?.stop(), mails?.stop(), redis?.stop()]);
});
beforeEach(() => {
  hooks.statuses = [];
});

interface Shown {
  state: string;
  event: string;
  tries: number;
  log: { status: number | null; error: string | null; body: string; headers: string[] }[];
}

/** A job with webhooks, run to its end. */
async function run(webhooks: object[], exitCode = 0): Promise<string> {
  const { status, body } = await http.post('/api/v1/jobs', { command: 'true', webhooks });
  expect(status).toBe(201);
  const agent = await scriptedAgent(api.core);
  await (await (await agent.claim(body.id)).started()).ended({ exit_code: exitCode });
  return body.id as string;
}

const shown = async (id: string): Promise<Shown[]> => (await http.get(`/api/v1/jobs/${id}/deliveries`)).body.deliveries;
const done = (id: string, withinMs = 15_000): Promise<Shown[]> =>
  expectEventually(
    async () => {
      const deliveries = await shown(id);
      if (deliveries.some(({ state }) => state === 'pending')) throw new Error(JSON.stringify(deliveries));
      return deliveries;
    },
    { withinMs, what: `Deliveries of ${id}` },
  );

describe('webhooks of a job', () => {
  it('tell each state that was asked for, signed, with the job', async () => {
    const id = await run([
      { url: hooks.url('/all'), on: ['queued', 'claimed', 'running', 'succeeded'], secret: 'hunter2' },
      { url: hooks.url('/bad'), on: ['failed'] },
    ]);
    expect((await done(id)).map(({ event, state, tries }) => [event, state, tries])).toEqual([
      ['queued', 'delivered', 1],
      ['claimed', 'delivered', 1],
      ['running', 'delivered', 1],
      ['succeeded', 'delivered', 1],
    ]);
    const told = hooks.at('/all');
    expect(told.map(({ json }) => json.event).toSorted()).toEqual([
      'job.claimed',
      'job.queued',
      'job.running',
      'job.succeeded',
    ]);
    expect(hooks.at('/bad')).toEqual([]);
    for (const { headers, text, json } of told) {
      expect(headers['x-drover-signature']).toBe(
        `sha256=${createHmac('sha256', 'hunter2').update(text).digest('hex')}`,
      );
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-drover-delivery': json.id,
        'x-drover-event': json.event.slice(4),
      });
      expect(json.job).toMatchObject({ id, command: 'true' });
      expect(text).not.toContain('hunter2');
    }
    expect(told.find(({ json }) => json.event === 'job.succeeded')?.json.job).toMatchObject({
      state: 'succeeded',
      exit_code: 0,
    });
  });

  it('are tried again until they are taken, and every try is shown', async () => {
    hooks.statuses = [503, 0];
    const id = await run([{ url: hooks.url('/again'), on: ['failed'] }], 3);
    const [delivery] = await done(id);
    expect(delivery).toMatchObject({
      state: 'delivered',
      tries: 3,
      log: [
        { status: 503, error: 'The target answered 503.', body: 'answer 503' },
        { status: null, error: expect.stringContaining('500 ms') },
        { status: 200, error: null, body: 'answer 200' },
      ],
    });
    const [first, second, third] = hooks.at('/again');
    expect(new Set(hooks.at('/again').map(({ headers }) => headers['x-drover-delivery'])).size).toBe(1);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(900);
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThan(1900);
  });

  it('are not lost with Redis', async () => {
    hooks.statuses = [500];
    const id = await run([{ url: hooks.url('/flushed'), on: ['succeeded'] }]);
    await expectEventually(async () => expect((await shown(id))[0]?.log).toHaveLength(1));
    await redis.admin.flushall();
    expect((await done(id))[0]).toMatchObject({ state: 'delivered', tries: 2 });
  });

  it('to a target nobody may contact fail at once, with the reason', async () => {
    const id = await run([
      { url: 'http://169.254.169.254/latest/meta-data', on: ['succeeded'] },
      { url: 'http://10.0.0.1/', on: ['succeeded'] },
    ]);
    for (const delivery of await done(id))
      expect(delivery).toMatchObject({
        state: 'failed',
        tries: 1,
        log: [{ status: null, error: expect.stringContaining('does not contact') }],
      });
  });

  it('to one slow host do not hold up those to another', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const slow = `http://127.0.0.1:${(silent.address() as { port: number }).port}/`;
    try {
      await Promise.all(
        Array.from({ length: 5 }, () => run(Array.from({ length: 20 }, () => ({ url: slow, on: ['succeeded'] })))),
      );
      const id = await run([{ url: hooks.url('/quick'), on: ['succeeded'] }]);
      await done(id, 5_000);
    } finally {
      silent.close();
    }
  });

  it('of a job that is unknown are 404', async () => {
    expect((await http.get('/api/v1/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55/deliveries')).status).toBe(404);
  });
});

describe('mail', () => {
  it('goes to each address by itself, is tried again when the server cannot now, and is said once', async () => {
    mails.refusals = [451];
    const mail = {
      to: ['a@example.org', 'b@example.org'],
      subject: 'Subject\r\nBcc: x@example.org',
      text: 'Text\n',
      name: 'once',
    };
    await api.core.notifications.mail(mail);
    await api.core.notifications.mail(mail);
    await expectEventually(
      () => expect(mails.received.map(({ to }) => to).toSorted()).toEqual([['a@example.org'], ['b@example.org']]),
      { withinMs: 15_000 },
    );
    for (const { headers, from, raw } of mails.received) {
      expect([headers['subject'], from]).toEqual(['Subject Bcc: x@example.org', 'drover@example.org']);
      expect(headers['bcc']).toBeUndefined();
      expect(raw).toContain('Text');
    }
  });

  it('that is refused for good is not tried again', async () => {
    mails.refusals = [550];
    await api.core.notifications.mail({ to: ['nobody@example.org'], subject: 's', text: 't' });
    await expectEventually(async () => {
      const [row] = await api.core.store.sql.rows<{ state: string; tries: number; status: number }>(
        `SELECT d.state, d.tries, t.status FROM delivery d JOIN delivery_try t ON t.delivery_id = d.id WHERE target = 'nobody@example.org'`,
      );
      expect(row).toEqual({ state: 'failed', tries: 1, status: 550 });
    });
  });
});
