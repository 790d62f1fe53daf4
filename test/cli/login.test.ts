import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';

const KEY = 'a-key-of-enough-characters';

describe('drover login', () => {
  let api: TestApi;
  let folder: string;
  beforeAll(async () => {
    api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_ENROLMENT_TOKEN: 'x'.repeat(24) } });
    await api.app.get(ClientsService).create('alice', {
      role: 'submitter',
      key: KEY,
      allowed_queues: [],
      max_priority: {},
      max_reservation_time: {},
    });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-login-'));
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const cli = (
    args: string[],
    { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
  ): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const child = spawn(process.execPath, [program('cli'), ...args], {
      env: { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: api.url, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 50_000,
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (part: Buffer) => (said.stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said.stderr += part.toString()));
    child.stdin.end(input);
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
  };
  const kept = (config = join(folder, '.config')): string => {
    const logins = join(config, 'drover/logins');
    return join(logins, readdirSync(logins)[0] as string);
  };
  const edit = (change: Record<string, unknown>): void =>
    writeFileSync(kept(), JSON.stringify({ ...JSON.parse(readFileSync(kept(), 'utf8')), ...change }));

  it('reads id and key from standard input, keeps tokens only, for this user alone, and every command uses them', async () => {
    expect((await cli(['list'])).code).toBe(125);
    const login = await cli(['login'], { input: `alice\n${KEY}\n` });
    expect(login).toMatchObject({ code: 0, stderr: '' });
    expect(login.stdout).toContain(`Logged in at ${api.url} as alice.`);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(statSync(join(kept(), '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(kept(), 'utf8')).not.toContain(KEY);
    expect((await cli(['list', '-o', 'json'])).code).toBe(0);
    const id = (await cli(['submit', '--', 'x'])).stdout.trim();
    expect((await api.core.query.get(id)).owner).toBe('alice');
    // Another API never gets the token of this one.
    expect(await cli(['list'], { env: { DROVER_API_URL: api.url.replace('127.0.0.1', 'localhost') } })).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('A login is needed'),
    });
    expect((await cli(['logout'])).stdout).toContain('Logged out');
    expect((await cli(['list'])).code).toBe(125);
    expect((await cli(['logout'])).stdout).toBe(`There was no login at ${api.url}.\n`);
  });

  it('reads them from a file that only its owner can read, also as `drover clients create --json` writes it', async () => {
    const file = join(folder, 'key.json');
    writeFileSync(file, JSON.stringify({ client_id: 'alice', role: 'submitter', key: KEY }));
    chmodSync(file, 0o644);
    expect(await cli(['login', '--file', file])).toMatchObject({
      code: 125,
      stderr: `drover: ${file} holds a key and others can use it (mode 644): \`chmod 600 ${file}\`.\n`,
    });
    chmodSync(file, 0o600);
    expect((await cli(['login', '--file', file])).code).toBe(0);
    expect((await cli(['list'])).code).toBe(0);
  });

  it('asks on a terminal without showing the key', async () => {
    const child = spawn('script', ['-qfec', `exec '${process.execPath}' '${program('cli')}' login`, '/dev/null'], {
      env: { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: api.url, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 50_000,
    });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    const done = new Promise((resolve) => child.once('close', resolve));
    await expectEventually(() => expect(text).toContain('Client id: '), { withinMs: 30_000 });
    child.stdin.write('alice\n');
    await expectEventually(() => expect(text).toContain('Key (not shown): '), { withinMs: 30_000 });
    child.stdin.write(`${KEY}\n`);
    expect(await done).toBe(0);
    expect(text).toContain('as alice');
    expect(text).not.toContain(KEY);
  });

  it('says what is wrong with the key, and keeps nothing', async () => {
    expect(await cli(['login'], { input: 'alice\nwrong-wrong-wrong-wrong\n' })).toMatchObject({
      code: 125,
      stderr: `drover: The API at ${api.url} does not know this client id with this key.\n`,
    });
    expect((await cli(['login'], { input: 'alice\n' })).stderr).toContain(
      'must hold the client id on its first line and the key on its second',
    );
    expect(() => kept()).toThrow();
  });

  it('refuses a login that others can read', async () => {
    await cli(['login'], { input: `alice\n${KEY}\n` });
    chmodSync(kept(), 0o640);
    expect(await cli(['list'])).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/holds a login and others can use it \(mode 640\): `chmod 600 /),
    });
  });

  it('renews a token that is over, or that the API refuses, by itself', async () => {
    await cli(['login'], { input: `alice\n${KEY}\n` });
    const before = JSON.parse(readFileSync(kept(), 'utf8')).access_token;
    edit({ access_token: 'over', access_expires_at: Date.now() - 1_000 });
    expect((await cli(['list'])).code).toBe(0);
    expect(JSON.parse(readFileSync(kept(), 'utf8')).access_token).toMatch(/^ey/);
    edit({ access_token: `${String(before).slice(0, -4)}AAAA`, access_expires_at: Date.now() + 600_000 });
    expect((await cli(['list'])).code).toBe(0);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    edit({ access_token: 'over', access_expires_at: 0, refresh_token: 'unknown' });
    expect(await cli(['list'])).toMatchObject({
      code: 125,
      stderr: `drover: Your login at ${api.url} as alice is over: \`drover login\` again.\n`,
    });
  });

  it('takes DROVER_TOKEN and --token before it, and keeps to $XDG_CONFIG_HOME', async () => {
    const config = join(folder, 'elsewhere');
    mkdirSync(config);
    await cli(['login'], { input: `alice\n${KEY}\n`, env: { XDG_CONFIG_HOME: config } });
    const { access_token: token } = JSON.parse(readFileSync(kept(config), 'utf8'));
    expect((await cli(['list'])).code).toBe(125);
    expect((await cli(['list'], { env: { DROVER_TOKEN: token } })).code).toBe(0);
    expect((await cli(['list', '--token', token])).code).toBe(0);
    expect((await cli(['list'], { env: { DROVER_TOKEN: 'wrong', XDG_CONFIG_HOME: config } })).code).toBe(125);
  });
});
