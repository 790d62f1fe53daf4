import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../apps/cli/src/commands/index.js';
import { program, PROJECT } from '../support/built.js';

/** Sets a title, clears the screen, asks the terminal, hides text; by seven and by eight bits. */
const EVIL =
  '\u001b]0;evil\u0007\u001b[2J\u009b2J\u009d0;x\u009c\u001bP+q\u001b\\\u001b[8m\u007f\u0090q\u009c\u0085\u202e\u2066\u200f\u2028\u2029name';
// eslint-disable-next-line no-control-regex
const STEERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;]*m)/;
/**
 * Shows text in another order than it is written, or breaks its line. A job's own output may: it is right-to-left text
 * perhaps.
 */
const TURNS = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const ID = '01900000-0000-7000-8000-000000000000';

const job = {
  id: ID,
  state: 'failed',
  exit_code: 3,
  queue: EVIL,
  node: EVIL,
  created_at: '2026-01-01T00:00:00.000Z',
  name: EVIL,
  command: [EVIL, EVIL],
  cause: 'exit_code',
  cause_detail: EVIL,
  owner: EVIL,
  tags: [EVIL],
  signal: null,
  metadata: { [EVIL]: EVIL },
};
const queue = {
  name: EVIL,
  paused: false,
  counts: { scheduled: 0, queued: 0, claimed: 0, running: 0, cancelling: 0 },
  oldest_queued_s: null,
  agents: 1,
  slots: 1,
  slots_free: 1,
};
const values = { waiting_jobs: 1, log_bytes: 1, artifacts: 1, artifact_bytes: 1, series: 1 };
const project = { name: EVIL, usage: values, quotas: values, own: ['series'] };
const agent = {
  id: ID,
  name: EVIL,
  kind: 'worker',
  state: 'online',
  blocked_by: null,
  queues: [EVIL],
  slots: 1,
  slots_free: 1,
  facts: null,
  last_seen_at: '2026-01-01T00:00:00.000Z',
};

const target = {
  ...{ id: ID, address: EVIL, url: EVIL, kind: EVIL, period_s: 1, job: EVIL, keep: true, health: EVIL, failures: 1 },
  ...{ last_error: EVIL, last_scrape_at: EVIL, last_duration_ms: 1, series: 1, owner: EVIL, created_at: EVIL },
};

/** How each command is called; a command that is not here fails the test below. */
const CASES: Record<string, string[][]> = {
  run: [
    ['run', '--', 'x'],
    ['run', '-d', '--', 'x'],
  ],
  submit: [
    ['submit', '--', 'x'],
    ['submit', '-o', 'json', '--', 'x'],
  ],
  list: [
    ['list'],
    ['list', '-o', 'json'],
    ['list', '-o', 'jsonl'],
    ['list', '--count'],
    ['list', '--filter', `name:${EVIL}`],
  ],
  get: [
    ['get', ID],
    ['get', ID, '-o', 'json'],
    ['get', EVIL],
  ],
  logs: [
    ['logs', EVIL],
    ['logs', '-f', ID],
    ['logs', ID, '--grep', 'x'],
    ['logs', ID, '--lines', '1'],
  ],
  wait: [
    ['wait', ID],
    ['wait', EVIL],
  ],
  cancel: [
    ['cancel', ID],
    ['cancel', EVIL],
    ['cancel', '--filter', 'queue:x', '--yes'],
    ['cancel', '--filter', 'queue:x'],
  ],
  priority: [
    ['priority', '5', '--filter', 'queue:x', '--yes'],
    ['priority', '5', ID],
  ],
  tag: [
    ['tag', EVIL, ID],
    ['tag', 'nightly', '--filter', 'queue:x', '--yes', '-o', 'json'],
  ],
  untag: [['untag', EVIL, ID]],
  retry: [
    ['retry', ID],
    ['retry', EVIL],
    ['retry', '--filter', 'queue:x', '--yes', '-o', 'json'],
  ],
  pin: [
    ['pin', ID],
    ['pin', EVIL],
  ],
  unpin: [
    ['unpin', ID],
    ['unpin', EVIL],
  ],
  explain: [
    ['explain', ID],
    ['explain', EVIL],
  ],
  counters: [
    ['counters', ID],
    ['counters', ID, '-o', 'json'],
    ['counters', ID, '--series', EVIL],
    ['counters', EVIL],
  ],
  runs: [['runs', ID]],
  timeline: [['timeline'], ['timeline', '--from', '2h', '-o', 'json']],
  top: [
    ['top', '--once'],
    ['top', '-o', 'json'],
  ],
  pause: [['pause', EVIL, '--reason', EVIL]],
  resume: [['resume', EVIL]],
  drain: [['drain', EVIL]],
  undrain: [['undrain', EVIL]],
  queues: [['queues'], ['queues', '-o', 'quiet'], ['queues', '-o', 'jsonl']],
  agents: [['agents'], ['agents', '-o', 'quiet']],
  // Any file that holds JSON will do: the server answers the same to every rule.
  alarms: [
    ['alarms', 'backtest', 'package.json'],
    ['alarms', 'backtest', 'package.json', '-o', 'json'],
    ['alarms', 'backtest', 'README.md'],
  ],
  profiles: [
    ['profiles', 'list', '--since', '2h'],
    ['profiles', 'list', '-o', 'quiet'],
    ['profiles', 'show', ID],
    ['profiles', 'show', EVIL],
    ['profiles', 'compare', ID],
    ['profiles', 'compare', ID, EVIL, '-o', 'json'],
  ],
  targets: [
    ['targets'],
    ['targets', '-o', 'json'],
    ['targets', 'add', 'host:1'],
    ['targets', 'add', EVIL],
    ['targets', 'remove', EVIL],
    ['targets', 'remove', 'host:1'],
  ],
  projects: [['projects'], ['projects', '-o', 'quiet'], ['projects', 'set', EVIL, '--quota', 'series=1']],
  nodes: [
    ['nodes'],
    ['nodes', '-o', 'jsonl'],
    ['nodes', 'invite'],
    ['nodes', 'invite', '--label', EVIL],
    ['nodes', 'invitations'],
    ['nodes', 'uninvite', EVIL],
    ['nodes', 'revoke', EVIL],
  ],
  enrol: [['enrol', '--url', 'http://127.0.0.1:1', '--token', '-', '--file', EVIL]],
  // Both ask no server and read a file by the same code: one is given an odd name, one what is no backup.
  backup: [['backup', '--check', `./${EVIL}`]],
  restore: [['restore', '--dry-run', 'README.md']],
  login: [['login', '--file', '-']],
  logout: [['logout']],
  completion: [['completion', 'bash']],
};
/**
 * They print nothing of a server's but errors of the record, or run the broker; what they print goes the same way (the
 * test over the sources).
 */
const LOCAL = ['up', 'worker', 'clients', 'keys', 'migrate', 'postgres', 'doctor'];

const node = { name: EVIL, queues: [EVIL], labels: { [EVIL]: EVIL }, slots: EVIL, ticket_login: false };
const invitation = { ...node, id: EVIL, state: EVIL, created_by: EVIL, expires_at: EVIL, used_by: EVIL, token: EVIL };
const nodes = {
  nodes: [{ ...node, enrolled_at: EVIL }],
  invitations: [invitation],
  ...invitation,
  public_url: 'http://127.0.0.1:1',
  ca_fingerprint: null,
};

describe('what the command line prints', () => {
  let server: Server;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-steering-'));
    server = createServer((request, response) => {
      const path = decodeURIComponent(request.url ?? '');
      const json = (status: number, body: unknown): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      request.resume();
      if (path.startsWith('/odd/'))
        return json(200, { jobs: 7, queues: [null], agents: { a: 1 }, projects: 'x', ids: 7 });
      if (path.startsWith('/html/')) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      if (path.startsWith('/api/v1/nodes')) return json(200, nodes);
      if (path.includes('/oauth2/')) return json(500, { detail: EVIL, access_token: 7 });
      if (path.includes('evil'))
        return json(path.includes('retry') ? 422 : 404, {
          status: 404,
          detail: EVIL,
          errors: path.includes('retry') ? [{ field: EVIL, message: EVIL }] : undefined,
        });
      if (path.endsWith('/phases')) {
        const phase = { name: EVIL, from: EVIL, to: null, seconds: null, median_s: 1 };
        return json(200, { job_id: ID, attempts: [{ attempt: 1, node: EVIL, phases: [phase] }], median_runs: 1 });
      }
      if (path.includes('/counters'))
        return json(200, {
          series: [{ name: EVIL, type: EVIL }],
          readings: [{ at: EVIL, values: [1] }],
        });
      if (path.startsWith('/api/v1/scrape-targets')) return json(200, { ...target, targets: [target] });
      if (path.endsWith('/runs')) return json(200, { last: [{ ...job, duration_s: 1 }] });
      if (path.startsWith('/api/v1/timeline'))
        return json(200, {
          bars: [
            {
              node: EVIL,
              slot: 1,
              from: EVIL,
              to: null,
              expected_end: EVIL,
              outcome: EVIL,
              job: { id: EVIL, name: EVIL },
            },
          ],
        });
      if (path.includes('/explain'))
        return json(200, {
          job_id: ID,
          state: 'queued',
          summary: EVIL,
          reasons: [{ code: 'no_agent', message: EVIL, remedy: EVIL }],
          start: { position: 1, sentence: EVIL },
        });
      if (path.includes('/logs/search')) {
        const line = { number: 1, text: `x ${EVIL}`, skipped: 0, cut: false, ranges: [[0, 1]] };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`event: hit\ndata: ${JSON.stringify(line)}\n\n`);
        return void response.end(`event: end\ndata: ${JSON.stringify({ reason: 'end' })}\n\n`);
      }
      if (path.includes('/logs/lines')) return json(200, { lines: [{ number: 1, text: EVIL, cut: true }], next: null });
      if (path.startsWith('/api/v1/profiles')) {
        const figure = { name: EVIL, job: 2, with: 1, ratio: 2, low: 1, high: 1, unit: null, better: 'less' };
        const head = {
          ...{ job: EVIL, name: EVIL, command: EVIL, outcome: EVIL, finished_at: EVIL },
          summary: { wall_s: 1, cpu_seconds: 1, peak_memory_bytes: 1 },
        };
        const metric = { name: EVIL, doc: EVIL, type: 'counter', value: 1 };
        return json(200, { ...head, profiles: [head], metrics: [metric], figures: [figure], next: null });
      }
      if (path === '/api/v1/alarms/backtest') {
        const at = job.created_at;
        const firing = { job: EVIL, fired_at: at, seconds: 1, value: 1, certain: false, evidence: EVIL };
        return json(200, { summary: EVIL, firings: [firing] });
      }
      if (path.includes('/logs')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(
          `id: 1\nevent: log\ndata: ${JSON.stringify({ stream: 'stdout', text: `\u001b[31mred ${EVIL}\n` })}\n\n`,
        );
        setTimeout(() => response.end(`id: 2\nevent: end\ndata: ${JSON.stringify({ job })}\n\n`), 300);
        return;
      }
      if (path === '/api/v1/overview')
        return json(200, {
          at: EVIL,
          queues: [
            {
              ...queue,
              paused: true,
              pause: { since: EVIL, by: EVIL, reason: EVIL },
              oldest_queued_at: null,
              failed: 1,
            },
          ],
          nodes: [{ ...agent, taken: [{ slot: 1, slots: 1, job: { name: EVIL }, gpus: [] }] }],
          needs: {
            failures: [{ sentence: EVIL, count: 1, queues: [EVIL] }],
            alarms: [{ name: EVIL, entry: EVIL }],
            nodes: [{ sentence: EVIL }],
          },
        });
      if (path.startsWith('/api/v1/queues')) return json(200, { queues: [queue] });
      if (path.startsWith('/api/v1/projects')) return json(200, { projects: [project] });
      if (path.startsWith('/api/v1/agents')) return json(200, { agents: [agent] });
      if (path.startsWith('/api/v1/jobs?')) return json(200, { jobs: [job], next: null });
      if (path === '/api/v1/jobs/actions/preview') return json(200, { count: 2, exact: true, examples: [job] });
      if (path.startsWith('/api/v1/jobs/actions'))
        return json(request.method === 'POST' ? 202 : 200, {
          ...{ id: ID, action: 'cancel', state: request.method === 'POST' ? 'running' : 'done', problem: EVIL },
          ...{ owner: EVIL, project: EVIL, matched: 2, matched_exact: true, done: 1, skipped: 1 },
          reasons: [{ reason: EVIL, count: 1, examples: [EVIL] }],
        });
      if (path === '/api/v1/jobs/batch') return json(200, { ids: [EVIL] });
      return json(200, job);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (args: string[], terminal: boolean): Promise<string> => {
    const words = [process.execPath, program('cli'), ...args];
    const [command = '', ...rest] = terminal
      ? ['script', '-qfec', `exec ${words.map((word) => `'${word}'`).join(' ')}`, '/dev/null']
      : words;
    const child = spawn(command, rest, {
      env: { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: url, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 50_000,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
    // The id and the key, for the commands that read them.
    child.stdin.end('id\nkey\n');
    return new Promise((resolve) => child.once('close', () => resolve(text)));
  };

  it(
    'holds nothing that steers a terminal, whatever the server says, for every command and format',
    { timeout: 300_000 },
    async () => {
      const all = new Command().enablePositionalOptions();
      for (const add of commands) add(all);
      expect(
        all.commands
          .map((command) => command.name())
          .filter((name) => !LOCAL.includes(name))
          .sort(),
      ).toEqual(Object.keys(CASES).sort());
      const check = async (args: string[]): Promise<void> => {
        const shown = args.map((word) => (word === EVIL ? 'evil' : word));
        const text = await run(shown, false);
        // Piped output of a job is to the byte.
        if (!['logs', 'run'].includes(args[0] as string)) {
          expect(text, args.join(' ')).not.toMatch(STEERS);
          expect(text, args.join(' ')).not.toMatch(TURNS);
        }
        if (!['logout', 'completion'].includes(args[0] as string))
          expect(text.length, args.join(' ')).toBeGreaterThan(0);
      };
      // Some at once: each is a program of its own, and most of them wait for the server a while.
      const cases = Object.values(CASES).flat();
      const lane = async (): Promise<void> => {
        for (let next = cases.shift(); next !== undefined; next = cases.shift()) await check(next);
      };
      await Promise.all([lane(), lane(), lane()]);
    },
  );

  it.each(['odd', 'html'])('says in one sentence that an answer is none of Drover (%s)', async (kind) => {
    for (const args of [['list'], ['queues'], ['agents'], ['projects']]) {
      const text = await run([...args, '--api', `${url}/${kind}`], false);
      expect(text, args.join(' ')).toMatch(
        /^drover: The answer of the API at \S+ is not understood \(.*\); is DROVER_API_URL a Drover API of this version\?\n$/,
      );
    }
  });

  it('lets colours of a job through to a terminal and nothing else, and all of it with --raw', async () => {
    // Our own status line clears itself with this.
    const shown = (await run(['logs', '-f', ID], true)).replaceAll('\r\u001b[K', '');
    expect(shown).toContain('\u001b[31mred ');
    expect(shown).toContain('name');
    expect(shown).not.toMatch(STEERS);
    expect(await run(['logs', '-f', '--raw', ID], true)).toContain(EVIL);
    expect(await run(['logs', '-f', ID], false)).toContain(EVIL);
  });

  it('goes through the terminal of apps/cli/src/terminal alone', () => {
    const files = (at: string): string[] =>
      readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? files(join(at, entry.name)) : [join(at, entry.name)],
      );
    const around = files(join(PROJECT, 'apps/cli/src'))
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('/terminal/'))
      .filter((path) =>
        /process\.std(out|err|in)\b|\bconsole\.|from 'cli-table3'|from 'picocolors'|from 'node:readline/.test(
          readFileSync(path, 'utf8'),
        ),
      );
    expect(around, 'print with the terminal: it takes out what steers one').toEqual([]);
  });
});
