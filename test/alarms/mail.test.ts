import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { FakeNode, post } from '../support/fake-node.js';
import { MailServer } from '../support/mail-server.js';

describe('an alarm with people to tell', () => {
  let api: TestApi;
  let mails: MailServer;
  beforeAll(async () => {
    mails = await MailServer.start();
    api = await startApi({
      env: {
        METRIC_PROXY_SYSTEM: 'off',
        METRIC_PROXY_NODE: 'n1',
        DROVER_ALARM_PERIOD: '0.2',
        DROVER_SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
        DROVER_MAIL_FROM: 'drover@example.org',
      },
    });
  });
  afterAll(async () => {
    await api?.close();
    await mails?.stop();
  });

  it('mails each of them when it begins and when it ends, even when the server cannot take it at first', async () => {
    mails.refusals = [451];
    const node = await FakeNode.register(api.url, 'n1');
    await node.system({ hot_g: 20 });
    const to = ['a@example.org', 'b@example.org'];
    const made = await post(api.url, '/api/v1/alarms', {
      name: 'hot',
      target: 'main',
      metric: 'hot_g',
      operator: '>',
      threshold: 10,
      actions: [{ type: 'mail', to }],
    });
    expect(made.status).toBe(201);
    const told = (status: string): string[] =>
      mails.received
        .filter(({ headers }) => headers['subject'] === `[Drover ${status}] hot on main`)
        .flatMap((mail) => mail.to)
        .toSorted();
    await expectEventually(() => expect(told('firing')).toEqual(to), { withinMs: 20_000 });
    await node.system({ hot_g: 5 });
    await expectEventually(() => expect(told('resolved')).toEqual(to), { withinMs: 20_000 });
    expect(mails.received).toHaveLength(4);
    expect(mails.received[0]?.raw).toContain('alertname=hot');
  });
});
