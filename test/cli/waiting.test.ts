import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePort } from '../support/ports.js';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-cli-waits-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(url: string, args: string[]) {
  const began = Date.now();
  const child = spawn(process.execPath, [program('cli'), ...args], {
    env: { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => (said.stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said.stderr += part.toString()));
  const done = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, ...said, ms: Date.now() - began })),
  );
  return { said, done, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

const WITHIN_MS = 2_000;
const ATTEMPTS = 4;

/**
 * The answer of a command, and how much longer it took than a start of the program beside it. A machine that does other
 * things may hold one of them up: the first of some that is in time, or the last.
 */
async function quickest(url: string, command: string[]): Promise<Ended & { beyondStartMs: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const [answer, bare] = await Promise.all([start(url, command).done, start(url, ['--help']).done]);
    const beyondStartMs = answer.ms - bare.ms;
    if (beyondStartMs < WITHIN_MS || attempt === ATTEMPTS) return { ...answer, beyondStartMs };
  }
}

describe('a job that waits', () => {
  let api: TestApi;
  let sweeping: TestApi;
  beforeAll(async () => {
    // Passive: the agent of the test stays online without heartbeats.
    api = await startApi({ passive: true });
    await scriptedAgent(api.core);
    sweeping = await startApi();
  });
  afterAll(async () => {
    await api.close();
    await sweeping.close();
  });

  it('says at once why it cannot start, with its id and the remedy, also when it is piped', async () => {
    const cases: [string[], RegExp][] = [
      [
        ['-q', 'nosuch'],
        /waits: No agent serves the queue nosuch\. Start a worker with DROVER_QUEUES=nosuch, or submit to another queue\./,
      ],
      [
        ['--image', 'busybox'],
        /waits: It needs a container, and no online worker of default can run one.*\. Set DROVER_DOCKER_SOCKET on a worker, or submit it without an image\./,
      ],
    ];
    for (const [flags, line] of cases) {
      const run = start(api.url, ['run', ...flags, '--', 'x']);
      await expectEventually(() => expect(run.said.stderr).toMatch(line), { withinMs: 30_000 });
      const id = /^drover: job ([0-9a-f-]{36}) waits: /m.exec(run.said.stderr)?.[1] ?? '';
      await expectEventually(() => {
        expect(run.said.stderr).toContain(`\`drover cancel ${id}\``);
        expect(run.said.stderr).toContain('--wait-limit');
      });
      await api.core.control.cancel(id);
      expect((await run.done).code).toBe(130);
      expect((await run.done).stdout).toBe('');
    }
  });

  it('gives up after --wait-limit with a code of its own, and the job is over', async () => {
    const run = await start(sweeping.url, ['run', '-q', 'nosuch', '-n', 'limited', '--wait-limit', '1', '--', 'x'])
      .done;
    expect(run.code).toBe(122);
    const [job] = (await sweeping.core.query.list({ q: 'limited' }, { limit: 1 })).jobs;
    expect(job?.state).toBe('expired');
    expect(run.stderr).toContain(`drover: job ${job?.id} expired`);
    expect((await start(api.url, ['run', '--wait-limit', '0', '--', 'x']).done).stderr).toContain(
      'It must be more than 0.',
    );
  });
});

describe('an API that is away', () => {
  const id = uuidv7();
  const commands = [
    ['list'],
    ['get', id],
    ['logs', id],
    ['logs', '-f', id],
    ['wait', id],
    ['cancel', id],
    ['retry', id],
    ['queues'],
    ['agents'],
    ['run', '--', 'x'],
    ['run', '--wait-limit', '9', '--', 'x'],
    ['submit', '--', 'x'],
  ];
  let silent: Server;
  beforeAll(async () => {
    silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => silent.close());

  it.each(commands.map((command) => [command.join(' '), command] as const))(
    'is told within 2 s: %s',
    async (_, command) => {
      const answer = await quickest(`http://127.0.0.1:${await freePort()}`, command);
      expect(answer.code).toBe(125);
      expect(answer.stderr).toMatch(
        /^drover: The API at http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\); set DROVER_API_URL, or start it with `drover up`\.\n$/,
      );
      expect(answer.beyondStartMs).toBeLessThan(WITHIN_MS);
    },
  );

  it('says within 2 s that an API is there but keeps silent, and goes on waiting', async () => {
    const { port } = silent.address() as { port: number };
    const asked = new Promise((resolve) => silent.once('connection', resolve));
    const list = start(`http://127.0.0.1:${port}`, ['list']);
    await asked;
    await expectEventually(() => expect(list.said.stderr).toMatch(/has not answered yet; waiting for up to 30 s/), {
      withinMs: WITHIN_MS,
    });
    list.kill('SIGKILL');
    await list.done;
  });
});
