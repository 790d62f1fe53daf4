import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { guard } from '@drover/embedded';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePorts } from '../support/ports.js';
import { asLogin, createTestDatabase, dropTestDatabase, execute, withDatabase } from '../support/postgres.js';

let folder: string | undefined;
let databaseUrl: string | undefined;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  if (databaseUrl) await dropTestDatabase(databaseUrl);
  if (folder) rmSync(folder, { recursive: true, force: true });
  folder = databaseUrl = undefined;
});

/** The settings of an API and a worker that find each other. */
async function settings(): Promise<{ url: string; api: Record<string, string>; worker: Record<string, string> }> {
  folder = mkdtempSync(join(tmpdir(), 'drover-log-away-'));
  databaseUrl = await createTestDatabase();
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const common = {
    PATH: process.env['PATH'] ?? '',
    DROVER_DATA_DIR: folder,
    DROVER_LOG_LEVEL: 'debug',
    DROVER_API_URL: url,
  };
  return {
    url,
    api: {
      ...common,
      DROVER_PORT: String(port),
      DROVER_DATABASE_URL: asLogin(databaseUrl, 'app'),
      DROVER_TICKETS_URL: asLogin(databaseUrl, 'tickets'),
    },
    worker: { ...common, DROVER_NODE_NAME: 'logless' },
  };
}

function run(app: 'api' | 'worker', env: Record<string, string>, output: number | 'pipe'): ChildProcess {
  const child = spawn(process.execPath, [program(app)], { env, stdio: ['ignore', output, output] });
  guard(child.pid ?? 0, 'KILL');
  children.push(child);
  return child;
}

const answers = (url: string, path: string): Promise<string> =>
  expectEventually(
    async () => {
      const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) });
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
      return text;
    },
    { withinMs: 90_000, everyMs: 200 },
  );

describe('API and worker whose log cannot be written', () => {
  it.each(['a full disk', 'a reader that has gone'])(
    'live on, run jobs and count the lines that are lost: %s',
    async (why) => {
      const { url, api, worker } = await settings();
      const full = openSync('/dev/full', 'w');
      const running = [api, worker].map((env, at) => {
        const child = run(at === 0 ? 'api' : 'worker', env, why === 'a full disk' ? full : 'pipe');
        child.stdout?.destroy();
        child.stderr?.destroy();
        return child;
      });
      closeSync(full);
      await answers(url, '/readyz');
      await expectEventually(async () => expect(await answers(url, '/api/v1/agents')).toContain('logless'), {
        withinMs: 60_000,
        everyMs: 200,
      });
      const submitted = await fetch(`${url}/api/v1/jobs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"command":"true"}',
      });
      const { id } = (await submitted.json()) as { id: string };
      await expectEventually(async () => expect(await answers(url, `/api/v1/jobs/${id}`)).toContain('"succeeded"'), {
        withinMs: 60_000,
        everyMs: 200,
      });
      const lost = /^drover_log_lines_dropped_total (\d+)$/m.exec(await answers(url, '/metrics'));
      expect(Number(lost?.[1])).toBeGreaterThan(0);
      expect(running.map((child) => child.exitCode)).toEqual([null, null]);
    },
  );
});

describe('an API that starts while its database is away', () => {
  const forbid = async (yes: boolean): Promise<void> => {
    const name = new URL(databaseUrl ?? '').pathname.slice(1);
    await execute(
      withDatabase(databaseUrl ?? '', 'postgres'),
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${yes ? 'false' : 'true'}`,
    );
  };

  it('waits and says so, and is ready once the database is there', async () => {
    const { url, api } = await settings();
    await forbid(true);
    const child = run('api', api, 'pipe');
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expectEventually(
      () =>
        expect(said).toMatch(/the database is away; the API tries again for another \d+ s \(DROVER_DATABASE_WAIT\)/),
      { withinMs: 60_000 },
    );
    await forbid(false);
    await answers(url, '/readyz');
    expect(child.exitCode).toBe(null);
  });

  it('gives up after DROVER_DATABASE_WAIT with one line that names the setting', async () => {
    const { api } = await settings();
    await forbid(true);
    const child = run('api', { ...api, DROVER_DATABASE_WAIT: '1' }, 'pipe');
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(said).toMatch(/drover api: The database was away for 1 s \(DROVER_DATABASE_WAIT\): .+/);
    await forbid(false);
  });
});
