import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';
import { freePort } from '../support/ports.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';
import { TerminalScreen } from '../support/terminal-screen.js';

/** The start of the program is part of the first wait. */
const WITHIN = { withinMs: 30_000 };
const [INTERRUPT, SUSPEND] = ['\u0003', '\u001a'];

interface Open {
  screen: TerminalScreen;
  type(keys: string): void;
  ended: Promise<number | null>;
}

let folder: string;
let databaseUrl: string;
let port: number;
let api: TestApi;
let http: ReturnType<typeof client>;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-top-'));
  databaseUrl = await createTestDatabase();
  port = await freePort();
  api = await startApi({ databaseUrl, port });
  http = client(api.url);
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(async () => {
  await api?.close();
  if (databaseUrl) await dropTestDatabase(databaseUrl);
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a terminal of 100 by 30 with a shell that runs these lines. */
function open(lines: string, { url = api.url } = {}): Open {
  const child = spawn('script', ['-qfec', 'exec bash -c "$LINES_OF_TEST"', '/dev/null'], {
    env: {
      ...{ PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: url, TERM: 'xterm' },
      LINES_OF_TEST: `stty cols 100 rows 30; before=$(stty -g); echo 'a line of before'; ${lines}`,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 100_000,
  });
  children.add(child);
  const screen = new TerminalScreen();
  child.stdout.setEncoding('utf8').on('data', (part: string) => screen.write(part));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { screen, type: (keys) => void child.stdin.write(keys), ended };
}

/** The command in lines of a shell. */
const TOP = `${process.execPath} ${program('cli')} top`;
/** Lines that end with the code of the command, and say it when the settings of the terminal are not those of before. */
const once = (command = TOP): string => `${command}; code=$?; [ "$(stty -g)" = "$before" ] || echo CHANGED; exit $code`;

const shows = (screen: TerminalScreen, pattern: RegExp): Promise<void> =>
  expectEventually(() => expect(screen.text()).toMatch(pattern), { ...WITHIN, what: `${pattern} on the screen` });

const submit = async (body: object): Promise<string> =>
  (await http.post('/api/v1/jobs', { command: 'true', ...body })).body.id;

function isRestored({ screen }: Open): void {
  expect(screen.alternate).toBe(false);
  expect(screen.cursorShown).toBe(true);
  expect(screen.text().trim()).toBe('a line of before');
}

describe('drover top in a terminal', () => {
  it('shows queues and nodes, what starts and what is paused as it happens, and leaves the terminal by q', async () => {
    const agent = await scriptedAgent(api.core, 'top-node', ['ovens']);
    const job = await submit({ queue: 'ovens', name: 'bake' });
    const top = open(once());
    await shows(top.screen, /^Drover at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    await shows(top.screen, /^QUEUE +WAITING +RUNNING +OLDEST[^]*^ovens +1 +0 /m);
    await shows(top.screen, /^NODE +SLOTS$[^]*^top-node +0\/4 +online$/m);
    expect(top.screen).toMatchObject({ alternate: true, cursorShown: false });
    expect(top.screen.text()).not.toContain('a line of before');

    const running = await (await agent.claim(job)).started();
    await shows(top.screen, /^ovens +0 +1 /m);
    await shows(top.screen, /^top-node +1\/4 +online +bake$/m);
    await running.ended({ exit_code: 3 });
    await shows(top.screen, /^ovens +0 +0 +(\d(\.\d)? s +){2}1 +1$/m);
    await shows(top.screen, /^NEEDS YOU\n +1 failed: .*\(ovens\)$/m);

    await http.post('/api/v1/queues/ovens/pause', { reason: 'the gas is off' });
    await shows(top.screen, /^ovens .*\n {2}paused by anonymous: the gas is off$/m);
    await http.post('/api/v1/queues/ovens/resume');
    await expectEventually(() => expect(top.screen.text()).not.toContain('paused'), WITHIN);

    top.type('q');
    expect(await top.ended).toBe(0);
    isRestored(top);
  });

  it('ends well by Ctrl-C, also where no keys come from a terminal', async () => {
    const top = open(once());
    await shows(top.screen, /^NODE/m);
    top.type(INTERRUPT);
    expect(await top.ended).toBe(0);
    isRestored(top);

    const piped = open(once(`${TOP} </dev/null`));
    await shows(piped.screen, /^NODE/m);
    piped.type(INTERRUPT);
    expect(await piped.ended).toBe(0);
    isRestored(piped);
  });

  it('leaves the terminal as it was when it is told to end, and when it fails', async () => {
    const told = open(once(`echo $$ >${folder}/shell; ${TOP}`));
    await shows(told.screen, /^NODE/m);
    const shell = readFileSync(join(folder, 'shell'), 'utf8').trim();
    process.kill(Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8')), 'SIGTERM');
    expect(await told.ended).toBe(128 + 15);
    isRestored(told);

    const away = open(once(), { url: `http://127.0.0.1:${await freePort()}` });
    expect(await away.ended).toBe(125);
    expect(away.screen).toMatchObject({ alternate: false, cursorShown: true });
    expect(away.screen.text()).toMatch(/^a line of before\ndrover: .*127\.0\.0\.1/);
    expect(away.screen.text()).not.toContain('CHANGED');
  });

  it('gives the terminal back while Ctrl-Z suspends it', async () => {
    const top = open(`set -m; ${once(`${TOP}; stty -g >${folder}/suspended; echo suspended; read -r; fg`)}`);
    await shows(top.screen, /^NODE/m);
    top.type(SUSPEND);
    await shows(top.screen, /^a line of before\n[^]*suspended$/m);
    expect(top.screen).toMatchObject({ alternate: false, cursorShown: true });
    top.type('\r');
    await shows(top.screen, /^NODE/m);
    expect(top.screen).toMatchObject({ alternate: true, cursorShown: false });
    top.type('q');
    expect(await top.ended).toBe(0);
    expect(top.screen.text()).not.toContain('CHANGED');
  });

  it('takes the size of the window, and says how many lines have no room', async () => {
    const top = open(once(`tty >${folder}/tty; ${TOP}`));
    await shows(top.screen, /^NODE/m);
    const resize = (columns: number, rows: number): void =>
      void execFileSync('stty', [
        ...['-F', readFileSync(join(folder, 'tty'), 'utf8').trim()],
        ...['cols', String(columns), 'rows', String(rows)],
      ]);
    resize(20, 4);
    await shows(top.screen, /^Drover at \S{10}\n\n… \d+ more lines in a\n$/);
    resize(100, 30);
    await shows(top.screen, /^Drover at .* UTC[^]*^NODE/m);
    top.type('q');
    expect(await top.ended).toBe(0);
  });

  it('says that the API is away, and goes on by itself when it is back', async () => {
    const top = open(once());
    await shows(top.screen, /^NODE/m);
    await api.close();
    await shows(top.screen, /^The API is away; it is tried again\.\nDrover at .* UTC[^]*^NODE/m);
    api = await startApi({ databaseUrl, port });
    await shows(top.screen, /^Drover at .* UTC/);
    top.type('q');
    expect(await top.ended).toBe(0);
    isRestored(top);
  });
});
