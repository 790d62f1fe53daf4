import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ENVIRONMENT, NODE_FLAGS } from '@drover/config';
import { program } from '../support/built.js';
import { issueCertificate } from '../support/certificate.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePort } from '../support/ports.js';
import { asLogin, createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { processesWith } from '../support/processes.js';
import { Program } from '../support/program.js';

/** The API stands on an address of loopback that is not the nodes'. */
const HOST = '127.0.0.2';

let folder: string;
let databaseUrl: string;
let port: number;
let url: string;
let api: Program;
let certificate: Awaited<ReturnType<typeof issueCertificate>>;
const workers: Program[] = [];

/** One machine: a home of its own. */
const home = (name: string): string => join(folder, name);
const settingsOf = (name: string): string => join(home(name), 'drover/worker.env');

function sh(
  line: string,
  env: Record<string, string> = {},
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const command = line.replaceAll(/(^|\s)drover (?=\w)/g, `$1'${process.execPath}' '${program('cli')}' `);
  const child = spawn('sh', ['-c', command], {
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    timeout: 90_000,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => (said.stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said.stderr += part.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}
/** A command of an operator, who trusts the authority. */
const operator = (line: string): ReturnType<typeof sh> =>
  sh(line, { DROVER_API_URL: url, DROVER_CA: certificate.ca, XDG_CONFIG_HOME: home('operator') });

/** The line that `drover nodes invite` prints, run on a machine. */
async function invite(options: string): Promise<string> {
  const { code, stdout, stderr } = await operator(`drover nodes invite ${options}`);
  expect([code, stderr]).toEqual([0, expect.stringContaining('is this machine itself')]);
  return /^ {2}(DROVER_ENROL_TOKEN=.+)$/m.exec(stdout)?.[1] ?? '';
}
const onNode = (name: string, line: string): ReturnType<typeof sh> =>
  sh(`${line} --name ${name} --file ${settingsOf(name)}`, { XDG_CONFIG_HOME: home(name) });

function startWorker(name: string, env: Record<string, string> = {}): Program {
  const worker = new Program({
    name,
    argv: [process.execPath, program('cli'), 'worker', '--file', settingsOf(name)],
    env: { DROVER_DATA_DIR: join(home(name), 'data'), DROVER_ISOLATION: 'none', DROVER_LOG_LEVEL: 'info', ...env },
    logPath: join(folder, `${name}.log`),
  });
  workers.push(worker);
  worker.start();
  return worker;
}

/** A request over TLS, checked against the authority. */
function ask(
  method: string,
  path: string,
  body?: unknown,
  onPart: (part: Buffer) => void = () => {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      {
        method,
        agent: false,
        ca: readFileSync(certificate.ca),
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        timeout: 60_000,
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => {
          parts.push(part);
          onPart(part);
        });
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
        answer.once('error', reject);
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const json = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> =>
  JSON.parse((await ask(method, path, body)).text) as Record<string, unknown>;
const submit = async (job: Record<string, unknown>): Promise<string> =>
  (await json('POST', '/api/v1/jobs', job))['id'] as string;
const ended = async (id: string): Promise<Record<string, unknown>> => {
  let job: Record<string, unknown> = {};
  await expectEventually(
    async () => {
      job = await json('GET', `/api/v1/jobs/${id}`);
      expect(job['finished_at']).not.toBeNull();
    },
    { withinMs: 30_000, everyMs: 100, what: `The end of job ${id}` },
  );
  return job;
};

/** The serial number of the certificate that a new connection is shown. */
const shown = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port, ca: readFileSync(certificate.ca) }, () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber ?? '');
      socket.end();
    });
    socket.once('error', reject);
  });
const serialIn = (file: string): string => new X509Certificate(readFileSync(file)).serialNumber;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-added-'));
  [databaseUrl, port, certificate] = await Promise.all([
    createTestDatabase(),
    freePort(),
    issueCertificate(join(folder, 'certificates'), HOST),
  ]);
  url = `https://${HOST}:${port}`;
  api = new Program({
    name: 'api',
    argv: [process.execPath, ...NODE_FLAGS.api, program('api')],
    env: {
      ...API_ENVIRONMENT,
      DROVER_DATABASE_URL: asLogin(databaseUrl, 'app'),
      DROVER_TICKETS_URL: asLogin(databaseUrl, 'tickets'),
      DROVER_DATA_DIR: join(folder, 'api'),
      DROVER_HOST: HOST,
      DROVER_PORT: String(port),
      DROVER_TLS_CERT: certificate.cert,
      DROVER_TLS_KEY: certificate.key,
    },
    logPath: join(folder, 'api.log'),
  });
  api.start();
  await expectEventually(async () => expect((await ask('GET', '/readyz')).status).toBe(200), {
    withinMs: 90_000,
    everyMs: 100,
    what: 'Readiness of the API',
  }).catch((error: unknown) => {
    throw new Error(api.lastLines(), { cause: error });
  });
  for (const [name, queue] of [
    ['node-a', 'alpha'],
    ['node-b', 'beta'],
  ] as const) {
    const enrolled = await onNode(name, await invite(`--queues ${queue} --label zone=${queue}`));
    expect(enrolled, enrolled.stderr).toMatchObject({ code: 0 });
    startWorker(name);
  }
  await expectEventually(
    async () => {
      const { agents } = await json('GET', '/api/v1/agents');
      expect((agents as { state: string }[]).map(({ state }) => state)).toEqual(['online', 'online']);
    },
    { withinMs: 60_000, everyMs: 100, what: 'Both nodes' },
  ).catch((error: unknown) => {
    throw new Error(workers.map((worker) => worker.lastLines()).join('\n'), { cause: error });
  });
}, 180_000);

afterAll(async () => {
  await Promise.all(workers.filter(({ running }) => running).map((worker) => worker.stop()));
  if (api?.running) await api.stop();
  for (const { pid } of processesWith(folder)) process.kill(pid, 'SIGKILL');
  if (databaseUrl) await dropTestDatabase(databaseUrl);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a machine that was added in one line', () => {
  it('has its settings and its key in files of its own, and no secret in the settings', () => {
    const file = settingsOf('node-a');
    const text = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = join(file, '../worker.key');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        `DROVER_API_URL=${url}`,
        'DROVER_NODE_NAME=node-a',
        'DROVER_QUEUES=alpha',
        'DROVER_LABELS=zone=alpha',
        `DROVER_ENROLMENT_TOKEN_FILE=${key}`,
        `DROVER_CA=${join(file, '../ca.pem')}`,
      ]),
    );
    expect(text).not.toContain(readFileSync(key, 'utf8').trim());
    expect(readFileSync(join(file, '../ca.pem'), 'utf8').trim()).toBe(readFileSync(certificate.ca, 'utf8').trim());
  });

  it('runs the jobs of its queues, over TLS and without tickets: new ones at once, waiting ones, output and artifacts', async () => {
    const jobs = await Promise.all(
      ['alpha', 'beta', 'alpha', 'beta', 'alpha', 'beta', 'alpha', 'beta'].map(async (queue) => ({
        queue,
        id: await submit({ queue, command: 'echo out; mkdir -p o; echo kept > o/x.txt', artifacts: ['o/*.txt'] }),
      })),
    );
    for (const { queue, id } of jobs) {
      const job = await ended(id);
      expect(job).toMatchObject({ state: 'succeeded', node: queue === 'alpha' ? 'node-a' : 'node-b' });
    }
    const { id } = jobs[0] as { id: string };
    expect((await ask('GET', `/api/v1/jobs/${id}/logs?stream=stdout`)).text).toBe('out\n');
    expect((await ask('GET', `/api/v1/jobs/${id}/artifacts/o/x.txt`)).text).toBe('kept\n');
  });

  it('is refused with a token that was used or has expired, and nothing is written', async () => {
    const used = await invite('--queues gamma');
    expect((await onNode('node-c', used)).code).toBe(0);
    const again = await onNode('node-d', used);
    expect([again.code, again.stderr]).toEqual([125, expect.stringContaining('by the node node-c')]);
    const late = await invite('--queues gamma');
    await execute(
      databaseUrl,
      `UPDATE node_invitation SET expires_at = now() - interval '1 second' WHERE used_at IS NULL`,
    );
    const refused = await onNode('node-d', late);
    expect([refused.code, refused.stderr]).toEqual([125, expect.stringContaining('expired at')]);
    expect(() => statSync(settingsOf('node-d'))).toThrow('ENOENT');
  });

  it('takes the token from standard input, and is not made another node by accident', async () => {
    const line = await invite('--queues gamma');
    const token = /TOKEN=(\S+)/.exec(line)?.[1] ?? '';
    const enrol = `drover enrol --url ${url} --token - --ca ${certificate.ca}`;
    const kept = await sh(`${enrol} --name node-x --file ${settingsOf('node-a')}`, {}, token);
    expect([kept.code, kept.stderr]).toEqual([125, expect.stringContaining('--replace')]);
    const done = await sh(`${enrol} --name node-e --file ${settingsOf('node-e')}`, {}, token);
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('drover worker --file')]);
  });

  it('says what it cannot reach before the invitation is used', async () => {
    const line = (await invite('--queues gamma --ticket-login')).replace(
      /--ca-fingerprint \S+/,
      `--ca ${certificate.ca}`,
    );
    const trusted = await onNode('node-t', line);
    expect(trusted, trusted.stderr).toMatchObject({ code: 0 });
    const elsewhere = await onNode('node-u', line.replace(`:${port}`, `:${await freePort()}`));
    expect([elsewhere.code, elsewhere.stderr]).toEqual([125, expect.stringContaining('ECONNREFUSED')]);
  });

  it('serves no queue beyond its own: its worker ends and names the setting', async () => {
    const worker = startWorker('node-c', { DROVER_QUEUES: 'gamma,alpha' });
    expect((await worker.exit()).code).toBe(1);
    expect(worker.log()).toMatch(/may serve gamma only, and DROVER_QUEUES names alpha/);
  });

  it('says in a sentence what to do without the authority, and with a wrong fingerprint', async () => {
    const worker = startWorker('node-e', { DROVER_CA: '' });
    await expectEventually(
      async () => expect(worker.log()).toMatch(/does not trust: copy the certificate .* DROVER_CA/),
      {
        withinMs: 20_000,
        everyMs: 100,
        what: 'The sentence',
      },
    );
    await worker.stop();
    const list = await sh('drover nodes', { DROVER_API_URL: url });
    expect([list.code, list.stderr]).toEqual([125, expect.stringContaining('name its file in DROVER_CA')]);
    const wrong = `sha256:${'0'.repeat(64)}`;
    const pinned = await onNode('node-f', `DROVER_ENROL_TOKEN=x drover enrol --url ${url} --ca-fingerprint ${wrong}`);
    expect([pinned.code, pinned.stderr]).toEqual([
      125,
      expect.stringContaining('shows no certificate with the fingerprint'),
    ]);
  });
});

describe('a node that is revoked', () => {
  it('takes nothing more, ends what it runs when its lease is over, and the job waits for another node', async () => {
    const file = join(folder, 'pid');
    const id = await submit({
      queue: 'beta',
      command: `echo $$ > ${file}.new; mv ${file}.new ${file}; exec sleep 600`,
    });
    await expectEventually(() => expect(existsSync(file)).toBe(true), { withinMs: 30_000, what: 'The job' });
    const pid = Number(readFileSync(file, 'utf8'));
    expect((await operator('drover nodes revoke node-b')).code).toBe(0);
    const waiting = await submit({ queue: 'beta', command: 'true' });
    await expectEventually(() => expect(existsSync(`/proc/${pid}`)).toBe(false), {
      withinMs: 60_000,
      everyMs: 100,
      what: 'The end of the process',
    });
    expect(workers[1]?.log()).toMatch(/refuses this node \(401\): .*was revoked/);
    await expectEventually(async () => expect((await json('GET', `/api/v1/jobs/${id}`))['state']).toBe('queued'), {
      withinMs: 30_000,
      everyMs: 100,
    });
    expect((await json('GET', `/api/v1/jobs/${waiting}`))['state']).toBe('queued');
  });
});

describe('the certificate of the API', () => {
  it('is exchanged while a log is followed: new connections see the new one, the follower loses nothing', async () => {
    const id = await submit({
      queue: 'alpha',
      command: 'for n in $(seq 1 60); do echo "line $n"; sleep 0.1; done; echo last',
    });
    let seen = '';
    const following = ask('GET', `/api/v1/jobs/${id}/logs?follow=true`, undefined, (part) => (seen += part.toString()));
    await expectEventually(async () => expect(seen).toContain('line 3'), {
      withinMs: 20_000,
      everyMs: 50,
      what: 'The first lines',
    });
    const before = await shown();
    await issueCertificate(join(folder, 'certificates'), HOST, 'broker.lab');
    expect(serialIn(certificate.cert)).not.toBe(before);
    await expectEventually(async () => expect(await shown()).toBe(serialIn(certificate.cert)), {
      withinMs: 10_000,
      everyMs: 100,
      what: 'The new certificate',
    });
    expect(seen).not.toContain('last');
    const { text } = await following;
    for (let n = 1; n <= 60; n += 1) expect(text).toContain(`line ${n}\\n`);
    expect(text).toContain('event: end');
    expect((await ended(id))['state']).toBe('succeeded');
  });

  it('stays when the new one is none, and the log says why', async () => {
    const good = { cert: readFileSync(certificate.cert), serial: serialIn(certificate.cert) };
    writeFileSync(certificate.cert, 'nothing\n');
    await expectEventually(async () => expect(api.log()).toMatch(/holds no certificate in PEM.*is not taken/), {
      withinMs: 10_000,
      everyMs: 100,
      what: 'The refusal in the log',
    });
    expect(await shown()).toBe(good.serial);
    writeFileSync(certificate.cert, good.cert);
  });

  it('tells its end to Prometheus', async () => {
    const line = /^drover_tls_certificate_expires_seconds\{host="broker\.lab"\} (\d+)$/m.exec(
      (await ask('GET', '/metrics')).text,
    );
    expect(Number(line?.[1])).toBeGreaterThan(300 * 86_400);
  });
});
