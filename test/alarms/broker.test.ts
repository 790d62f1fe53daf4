import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { ask, FakeNode, jobDesc, post, type Answer } from '../support/fake-node.js';
import { MailServer } from '../support/mail-server.js';

interface Told {
  status: string;
  groupKey: string;
  alerts: { status: string; fingerprint: string; labels: Record<string, string>; startsAt: string; endsAt: string }[];
}

let api: TestApi;
let node: FakeNode;
let receiver: Server;
let mails: MailServer;
let hook: string;
let told: Told[] = [];
let refuse = 0;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (refuse > 0) {
        refuse -= 1;
        response.writeHead(503).end();
        return;
      }
      told.push(JSON.parse(body) as Told);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  mails = await MailServer.start();
  const mail = { DROVER_SMTP_URL: `smtp://127.0.0.1:${mails.port}`, DROVER_MAIL_FROM: 'drover@example.org' };
  api = await startApi({
    env: {
      ...mail,
      METRIC_PROXY_SYSTEM: 'off',
      METRIC_PROXY_NODE: 'n1',
      DROVER_ALARM_ALLOW: 'loopback',
      DROVER_ALARM_PERIOD: '0.2',
    },
  });
  node = await FakeNode.register(api.url, 'n1');
});
afterAll(async () => {
  await api.close();
  await mails.stop();
  await new Promise((resolve) => receiver.close(resolve));
});
beforeEach(() => {
  told = [];
});

const create = async (alarm: object): Promise<Answer> =>
  post(api.url, '/api/v1/alarms', { operator: '>', threshold: 10, ...alarm });
const states = async (name: string): Promise<{ entry: string; state: string }[]> =>
  ((await ask(api.url, '/api/v1/alarms/active')).body.states as { name: string; entry: string; state: string }[])
    .filter((state) => state.name === name)
    .map(({ entry, state }) => ({ entry, state }));
const history = async (id: string): Promise<string[]> =>
  ((await ask(api.url, `/api/v1/alarms/history?alarm=${id}`)).body.transitions as { from: string; to: string }[])
    .reverse()
    .map(({ from, to }) => `${from}>${to}`);

describe('an alarm that nobody looks at', () => {
  it("goes through its states by itself, tells them in Alertmanager's format, and leaves its history", async () => {
    await node.system({ hot_g: 5 });
    const made = await create({
      name: 'hot',
      target: 'main',
      metric: 'hot_g',
      for_s: 0.5,
      severity: 'critical',
      labels: { team: 'a' },
      actions: [{ type: 'webhook', url: hook }],
    });
    expect([made.status, made.body.states]).toEqual([201, []]);
    refuse = 1;
    await node.system({ hot_g: 11 });
    await expectEventually(async () => expect(await states('hot')).toEqual([{ entry: 'main', state: 'pending' }]));
    await expectEventually(async () => expect(await states('hot')).toEqual([{ entry: 'main', state: 'firing' }]));
    await expectEventually(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({
      version: '4',
      status: 'firing',
      groupKey: '{}:{alertname="hot"}',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'hot', severity: 'critical', team: 'a', entry: 'main' },
          endsAt: '0001-01-01T00:00:00Z',
        },
      ],
    });
    await node.system({ hot_g: 9 });
    await expectEventually(() => expect(told).toHaveLength(2));
    expect(told[1]).toMatchObject({
      status: 'resolved',
      alerts: [{ status: 'resolved', startsAt: told[0]?.alerts[0]?.startsAt }],
    });
    await expectEventually(async () =>
      expect(await history(made.body.id)).toEqual(['inactive>pending', 'pending>firing', 'firing>inactive']),
    );
    expect((await ask(api.url, `/api/v1/alarms/${made.body.id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('of the dialect is the same alarm', async () => {
    await node.system({ hot_g: 11 });
    expect(
      (
        await post(api.url, '/alarms/add', {
          name: 'seed',
          target: 'Node: n1',
          metric: 'hot_g',
          operation: '>',
          value: 10,
        })
      ).status,
    ).toBe(200);
    await expectEventually(async () => expect(await states('seed')).toEqual([{ entry: 'Node: n1', state: 'firing' }]));
    expect((await ask(api.url, '/alarms')).body['Node: n1']).toHaveLength(1);
    expect((await ask(api.url, '/alarms/del?targetjob=Node:+n1&name=seed')).status).toBe(200);
    expect(await states('seed')).toEqual([]);
  });
});

describe('mail', () => {
  it('goes to each address when an alarm fires and when it is over', async () => {
    await node.system({ post_g: 1 });
    const made = await create({
      name: 'post\r\nBcc: x@example.org',
      target: 'main',
      metric: 'post_g',
      annotations: { summary: 'Look at it.' },
      actions: [{ type: 'mail', to: ['a@example.org', 'b@example.org'] }],
    });
    expect(made.status).toBe(201);
    await node.system({ post_g: 99 });
    await expectEventually(() =>
      expect(mails.received.map((mail) => mail.to.join()).toSorted()).toEqual(['a@example.org', 'b@example.org']),
    );
    const [mail] = mails.received;
    expect(mail?.headers['subject']).toMatch(/^\[Drover firing\] post .*on main$/);
    expect(mail?.headers).not.toHaveProperty('bcc');
    expect(mail?.raw).toContain('summary: Look at it.');
    await node.system({ post_g: 1 });
    await expectEventually(() =>
      expect(mails.received.filter((one) => one.headers['subject']?.startsWith('[Drover resolved]'))).toHaveLength(2),
    );
    await ask(api.url, `/api/v1/alarms/${made.body.id}`, { method: 'DELETE' });
  });
});

describe('a silence', () => {
  it('keeps an alarm from being told, and when it ends the alarm is', async () => {
    await node.system({ loud_g: 1 });
    const silence = await post(api.url, '/api/v1/alarms/silences', {
      matchers: [{ name: 'alertname', value: 'lou*', glob: true }],
      ends_at: '2999-01-01T00:00:00Z',
      comment: 'night',
    });
    expect(silence.status).toBe(201);
    const made = await create({
      name: 'loud',
      target: 'main',
      metric: 'loud_g',
      actions: [{ type: 'webhook', url: hook }],
    });
    await node.system({ loud_g: 99 });
    await expectEventually(async () => expect(await states('loud')).toEqual([{ entry: 'main', state: 'firing' }]));
    expect(
      (
        (await ask(api.url, `/api/v1/alarms/history?alarm=${made.body.id}`)).body.transitions as { silenced: boolean }[]
      )[0]?.silenced,
    ).toBe(true);
    expect(told).toEqual([]);
    expect((await ask(api.url, `/api/v1/alarms/silences/${silence.body.id}`, { method: 'DELETE' })).status).toBe(204);
    await expectEventually(() => expect(told).toHaveLength(1));
    expect((await ask(api.url, `/api/v1/alarms/${made.body.id}`, { method: 'DELETE' })).status).toBe(204);
  });
});

describe('an alarm on every job of a queue', () => {
  it('fires on each, in one message a group, and cancels its job', async () => {
    const agent = await scriptedAgent(api.core, 'n1', ['lab']);
    const running = await Promise.all(
      [1, 2, 3].map(async () => {
        const job = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command: 'sleep 600' })).body as {
          id: string;
        };
        await (await agent.claim(job.id)).started();
        return job.id;
      }),
    );
    const [a, b, c] = running as [string, string, string];
    await node.job(a, { mem_g: 5 }, { live: false });
    await node.job(b, { mem_g: 50 }, { live: false });
    await node.job(c, { mem_g: 60 }, { live: false });
    const made = await create({
      name: 'mem',
      queue: 'lab',
      metric: 'mem_g',
      actions: [{ type: 'webhook', url: hook }, { type: 'cancel' }],
    });
    expect(made.body).toMatchObject({ target: null, queue: 'lab' });
    await expectEventually(() =>
      expect(
        told
          .flatMap((one) => one.alerts.map((alert) => alert.labels['job']))
          .toSorted((x = '', y = '') => x.localeCompare(y)),
      ).toEqual([b, c].toSorted((x, y) => x.localeCompare(y))),
    );
    expect(told[0]?.alerts[0]?.labels).toMatchObject({ queue: 'lab', command: 'sleep 600' });
    await expectEventually(async () => {
      const shown = await Promise.all(
        running.map(async (id) => ((await ask(api.url, `/api/v1/jobs/${id}`)).body as { state: string }).state),
      );
      expect(shown).toEqual(['running', 'cancelling', 'cancelling']);
    });
    expect((await ask(api.url, '/alarms/list')).body[a]).toHaveLength(1);
  });
});

describe('an alarm on every job with a command', () => {
  it('fires on each of them, whichever API it came through, and on no other', async () => {
    await node.job('c1', { spin_g: 20 }, { desc: jobDesc('c1', { command: './spin ' }) });
    await node.job('c2', { spin_g: 20 }, { desc: jobDesc('c2', { command: './spin' }) });
    const made = await create({ name: 'spin', command: './spin ', metric: 'spin_g', keep_for_s: 2 });
    await expectEventually(async () => expect(await states('spin')).toEqual([{ entry: 'c1', state: 'firing' }]));
    // It goes on for a while after its condition has gone.
    await node.job('c1', { spin_g: 2 });
    expect((await ask(api.url, '/alarms')).body['c1']).toEqual([]);
    expect(await states('spin')).toEqual([{ entry: 'c1', state: 'firing' }]);
    await expectEventually(async () => expect(await states('spin')).toEqual([]));
    expect(await history(made.body.id)).toEqual(['inactive>firing', 'firing>inactive']);
    for (const id of ['c1', 'c2']) await node.job(id, { spin_g: 2 }, { live: false });
    await ask(api.url, `/api/v1/alarms/${made.body.id}`, { method: 'DELETE' });
  });
});

describe('an entry without the metric', () => {
  it('is an alarm where that is asked for, and hysteresis lets one go only behind its second threshold', async () => {
    const absent = await create({
      name: 'absent',
      target: 'main',
      metric: 'not_yet_g',
      operator: '>',
      threshold: 10,
      clear_threshold: 5,
      no_data: 'alarm',
    });
    await expectEventually(async () => expect(await states('absent')).toEqual([{ entry: 'main', state: 'firing' }]));
    await node.system({ not_yet_g: 7 });
    // Another one shows that the new value has been looked at.
    const seen = await create({ name: 'seen', target: 'main', metric: 'not_yet_g', threshold: 6 });
    await expectEventually(async () => expect(await states('seen')).toHaveLength(1));
    expect(await states('absent')).toEqual([{ entry: 'main', state: 'firing' }]);
    await node.system({ not_yet_g: 5 });
    await expectEventually(async () => expect(await states('absent')).toEqual([]));
    for (const { body } of [absent, seen]) await ask(api.url, `/api/v1/alarms/${body.id}`, { method: 'DELETE' });
  });
});

describe('alarms of one group', () => {
  it('are told in one message', async () => {
    await node.system({ one_g: 99, two_g: 99 });
    const both = await Promise.all(
      ['one', 'two'].map((name) =>
        create({
          name,
          target: 'main',
          metric: `${name}_g`,
          severity: 'info',
          group_by: ['severity'],
          for_s: 0.5,
          actions: [{ type: 'webhook', url: hook }],
        }),
      ),
    );
    await expectEventually(() =>
      expect(
        told
          .at(-1)
          ?.alerts.map((alert) => alert.labels['alertname'])
          .toSorted((x = '', y = '') => x.localeCompare(y)),
      ).toEqual(['one', 'two']),
    );
    expect(told.at(-1)?.groupKey).toBe('{}:{severity="info"}');
    for (const { body } of both) await ask(api.url, `/api/v1/alarms/${body.id}`, { method: 'DELETE' });
  });
});

describe('an alarm on one job', () => {
  it('that was told is called off when the job ends, and then it is gone', async () => {
    await node.job('client', { x_g: 20 }, { desc: jobDesc('client') });
    const made = await create({
      name: 'one',
      target: 'client',
      metric: 'x_g',
      actions: [{ type: 'webhook', url: hook }],
    });
    await expectEventually(() => expect(told).toHaveLength(1));
    expect(told[0]?.alerts[0]?.labels).toMatchObject({ job: 'client', command: './app ' });
    await node.job('client', { x_g: 20 }, { live: false });
    expect((await ask(api.url, `/api/v1/alarms/${made.body.id}`)).status).toBe(404);
    await expectEventually(() => expect(told.at(-1)?.status).toBe('resolved'));
    // Receivers know an alert by its labels: they are the same although the job is no more.
    expect([told.at(-1)?.alerts[0]?.labels, told.at(-1)?.alerts[0]?.fingerprint]).toEqual([
      told[0]?.alerts[0]?.labels,
      told[0]?.alerts[0]?.fingerprint,
    ]);
    await expectEventually(async () =>
      expect(await history(made.body.id)).toEqual(['inactive>firing', 'firing>inactive']),
    );
  });
});

describe('the native API of alarms', () => {
  it.each([
    [{ name: 'x', metric: 'm' }, 'target'],
    [{ name: 'x', metric: 'm', target: 'main', queue: 'q' }, 'target'],
    [{ name: 'x', metric: 'm', target: 'main', operator: '>=' }, 'operator'],
    [{ name: 'x', metric: 'm', target: 'main', threshold: '3' }, 'threshold'],
    [{ name: 'x', metric: 'm', target: 'main', for_s: -1 }, 'for_s'],
    [{ name: 'x', metric: 'm', target: 'main', labels: { 'a b': 'c' } }, 'labels'],
    [{ name: 'x', metric: 'm', target: 'main', actions: [{ type: 'webhook' }] }, 'actions.0.url'],
    [{ name: 'x', metric: 'm', target: 'main', actions: [{ type: 'webhook', url: 'ftp://x' }] }, 'actions.0.url'],
    [{ name: 'x', metric: 'm', target: 'main', sevrity: 'x' }, 'sevrity'],
  ])('says what is wrong with %j', async (alarm, field) => {
    const answer = await create(alarm);
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, field]);
  });

  it('takes one about a command of any length, and refuses its name twice', async () => {
    const command = randomBytes(15_000).toString('base64');
    const rule = { name: 'long', command, metric: 'job_memory_bytes', operator: '>', threshold: 1 };
    const made = await post(api.url, '/api/v1/alarms', rule);
    expect(made.status).toBe(201);
    expect((await post(api.url, '/api/v1/alarms', rule)).status).toBe(409);
    const other = await post(api.url, '/api/v1/alarms', { ...rule, name: 'longer' });
    expect(other.status).toBe(201);
    for (const { id } of [made.body, other.body])
      expect((await ask(api.url, `/api/v1/alarms/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('replaces and lists, and refuses a name twice', async () => {
    const first = await create({ name: 'r', target: 'main', metric: 'm' });
    expect((await create({ name: 'r', target: 'main', metric: 'other' })).status).toBe(409);
    const changed = await ask(api.url, `/api/v1/alarms/${first.body.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'r2', target: 'main', metric: 'm', operator: '<', threshold: 1, keep_for_s: 5 }),
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        id: first.body.id,
        name: 'r2',
        operator: '<',
        keep_for_s: 5,
        for_s: 0,
        severity: 'warning',
        enabled: true,
      },
    });
    expect(
      ((await ask(api.url, '/api/v1/alarms')).body.alarms as { name: string }[]).map((alarm) => alarm.name),
    ).toContain('r2');
    expect((await ask(api.url, '/api/v1/alarms/nope')).status).toBe(404);
  });
});
