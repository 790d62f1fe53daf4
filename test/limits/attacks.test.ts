import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { Stack } from '../support/stack.js';

/** The time that an answer may take while somebody attacks, beside what the machine takes at rest. */
const LIVEZ_MS = 250;
const HEARTBEAT_MS = 1_000;
const ENROLMENT = 'enrolment-token-of-the-test-0123456789';
const KEY = 'a-key-that-is-right-0123456789-abcdef';
const JOBS = 6_000;

interface Report {
  ms: number;
  answers: number[];
}

describe('while somebody attacks', () => {
  let stack: Stack;
  let admin: string;
  let agent: string;
  /** The longest answers at rest: a busy machine is slow without an attack. */
  let rest: { livez: number; heartbeat: number };

  const attacker = (attack: string): ChildProcess =>
    spawn(process.execPath, [fileURLToPath(new URL('attacker.mjs', import.meta.url)), stack.url, attack, admin], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const lineOf = (child: ChildProcess): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = '';
      child.stdout?.on('data', (bytes: Buffer) => {
        text += bytes.toString();
        if (text.includes('\n')) resolve(text);
      });
      child.once('error', reject);
      child.once('exit', () => resolve(text));
    });
  const call = (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Response> =>
    fetch(stack.url + path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  const timed = async (work: () => Promise<Response>): Promise<number> => {
    const began = performance.now();
    const answer = await work();
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    return performance.now() - began;
  };
  /** The longest answers until `over` has come. */
  const watch = async (over: Promise<unknown>): Promise<{ livez: number; heartbeat: number }> => {
    const longest = { livez: 0, heartbeat: 0 };
    let going = true;
    over.then(
      () => (going = false),
      () => (going = false),
    );
    do {
      longest.livez = Math.max(longest.livez, await timed(() => call('GET', '/livez', {})));
      longest.heartbeat = Math.max(
        longest.heartbeat,
        await timed(() => call('POST', '/agent/v1/heartbeat', bearer(agent), { slots_free: 1, running: [] })),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    } while (going);
    return longest;
  };
  const during = async (attack: string, also: () => Promise<void> = () => Promise.resolve()): Promise<Report> => {
    const line = lineOf(attacker(attack));
    const [longest] = await Promise.all([watch(line), also()]);
    const report = JSON.parse(await line) as Report;
    const told = `${attack}: ${JSON.stringify(longest)} (at rest ${JSON.stringify(rest)}), ${report.ms} ms`;
    process.stdout.write(`${told}\n`);
    expect(longest.livez, told).toBeLessThan(LIVEZ_MS + 3 * rest.livez);
    expect(longest.heartbeat, told).toBeLessThan(HEARTBEAT_MS + 3 * rest.heartbeat);
    return report;
  };

  beforeAll(async () => {
    stack = await Stack.start({
      workers: 0,
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: ENROLMENT,
        DROVER_LOG_LEVEL: 'info',
      },
    });
    admin = await mint({ client_id: 'boss', role: 'admin' });
    const facts = {
      hostname: 'n1',
      os: 'linux',
      arch: 'x64',
      cpus: 1,
      memory_bytes: 1e9,
      executors: ['process'],
      labels: {},
    };
    const registered = await call('POST', '/agent/v1/register', bearer(ENROLMENT), {
      name: 'n1',
      boot_id: 'b1',
      queues: ['watched'],
      slots: 1,
      facts,
    });
    expect(registered.status, await registered.clone().text()).toBe(200);
    agent = ((await registered.json()) as { token: string }).token;
    const made = await call('PUT', '/v1/client-permissions/ci', bearer(admin), {
      client_secret: KEY,
      role: 'contributor',
      max_priority: {},
      allowed_queues: [],
      max_reservation_time: {},
    });
    expect(made.status, await made.clone().text()).toBeLessThan(300);
    for (let n = 0; n < JOBS / 2_000; n += 1) {
      const jobs = Array.from({ length: 2_000 }, (_, at) => ({
        command: `echo ${n}-${at}`,
        name: `job ${n}-${at}`,
        queue: 'nobody',
        start_at: '2099-01-01T00:00:00Z',
      }));
      expect((await call('POST', '/api/v1/jobs/batch', bearer(admin), { jobs })).status).toBe(201);
    }
    rest = await watch(new Promise((resolve) => setTimeout(resolve, 3_000)));
  });
  afterAll(() => stack.stop());

  it('with 30 MB of brackets on every API, health and heartbeats are answered in time', async () => {
    const { answers } = await during('brackets');
    expect(answers.filter((status) => status !== 0 && (status < 400 || status >= 500))).toEqual([]);
  });

  it('with 29 kB of gzip that unpack to 30 MB, they are', async () => {
    const { answers } = await during('bomb');
    expect(answers.filter((status) => status < 400 || status >= 500)).toEqual([]);
  });

  it('with batches of 100,000 jobs, they are, and each is refused', async () => {
    const { answers } = await during('batch');
    expect(new Set(answers)).toEqual(new Set([422]));
  });

  it('with the largest batches that are taken, they are', async () => {
    expect((await during('largest')).answers).toEqual([201, 201]);
  });

  it('with searches of Flux and its pages over thousands of jobs, they are', async () => {
    expect(new Set((await during('search')).answers)).toEqual(new Set([200]));
    expect((await during('list')).answers).toEqual([200, 200]);
  });

  it('with 300 wrong logins, they are, a right login comes through, and a token never waits', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`ci:${KEY}`).toString('base64')}` };
    await timed(() => call('POST', '/v1/oauth2/token', basic));
    const { answers } = await during('logins', async () => {
      for (let n = 0; n < 5; n += 1) {
        expect(await timed(() => call('POST', '/v1/oauth2/token', basic))).toBeLessThan(1_000 + 3 * rest.heartbeat);
        expect(await timed(() => call('GET', '/api/v1/queues', bearer(admin)))).toBeLessThan(
          1_000 + 3 * rest.heartbeat,
        );
      }
    });
    expect(answers.filter((status) => status !== 401 && status !== 429)).toEqual([]);
    expect(answers).toContain(429);
  });

  it('with 1,500 slow sockets and 1,000 followers of events held, they are, and every follower is told', async () => {
    const slow = attacker('sockets');
    const followers = attacker('followers');
    try {
      const [first, second] = await Promise.all([lineOf(slow), lineOf(followers)]);
      expect((JSON.parse(first) as Report).answers).toEqual([1_500]);
      expect((JSON.parse(second.split('\n')[0] as string) as Report).answers).toEqual([1_000]);
      const told = new Promise<void>((resolve) =>
        followers.stdout?.on('data', (bytes: Buffer) => bytes.includes('seen by all') && resolve()),
      );
      expect((await call('POST', '/api/v1/jobs', bearer(admin), { command: 'true', queue: 'nobody' })).status).toBe(
        201,
      );
      const longest = await watch(told);
      process.stdout.write(`held: ${JSON.stringify(longest)} (at rest ${JSON.stringify(rest)})\n`);
      expect(longest.livez).toBeLessThan(LIVEZ_MS + 3 * rest.livez);
      expect(longest.heartbeat).toBeLessThan(HEARTBEAT_MS + 3 * rest.heartbeat);
    } finally {
      slow.kill();
      followers.kill();
    }
  });
});
