import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cliOf } from '../../apps/web/src/screens/submit/same.js';
import { program } from '../support/built.js';

type Body = Parameters<typeof cliOf>[0];

let server: Server;
let folder: string;
const bodies: unknown[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      bodies.push(JSON.parse(text));
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"one"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'drover-line-'));
  const command = join(folder, 'drover');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${program('cli')}' "$@"\n`);
  chmodSync(command, 0o755);
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The body that the real command line sends for the line that the console shows. */
async function sentBy(line: string): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  await promisify(execFile)('/bin/sh', ['-c', line], {
    env: { PATH: `${folder}:${process.env['PATH']}`, HOME: folder, DROVER_API_URL: `http://127.0.0.1:${port}` },
    timeout: 60_000,
  });
  return bodies.at(-1);
}

const PLAIN: Body = {
  command: ['make', "it's", '', '--all', '$HOME `x`'],
  queue: 'gpu',
  name: '-n "x"',
  image: 'debian:12',
  workdir: '/a b',
  priority: -5,
  env: { LEVEL: '3', TEXT: 'a=b\nc' },
  tags: ['ci', '-t'],
  artifacts: ['out/**/*.xml'],
  limits: { runtime_s: 1.5 },
  retry: { max: 2 },
  start_at: '2030-01-31T08:00:00.000Z',
  depends_on: ['0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55'],
  parent_id: '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44',
  resources: { nodes: 2, cpus_per_task: 4, gpus_per_task: 1, memory_mb: 4096 },
  cron: { pattern: '0 3 * * 1-5', timezone: 'Europe/Berlin' },
};

it('the line of options that the console shows submits the same body', async () => {
  const line = cliOf(PLAIN);
  expect(line).toMatch(/^drover submit --queue gpu .*--after/s);
  expect(await sentBy(line)).toEqual(PLAIN);
  // A text is run by the shell either way.
  expect(await sentBy(cliOf({ command: "echo 'a' && b" }))).toEqual({ command: ['sh', '-c', "echo 'a' && b"] });
});

it('a job with fields that have no option is submitted whole, by the line that the console shows', async () => {
  const full: Body = {
    ...PLAIN,
    command: "printf '%s\\n' JOB\nJOB\n",
    stdin: 'JOB\n$HOME\n\u2028"\\',
    resources: { nodes: 2, tasks: 4, cpus_per_task: 2, gpus_per_task: 0, memory_mb: 512, exclusive: true },
    limits: { runtime_s: 60, silence_s: 5, output_bytes: 9_007_199_254_740_991, grace_s: 0 },
    retry: { max: 0, backoff_s: 0.5, factor: 3 },
    cron: { pattern: '0 3 * * 1-5', timezone: 'Europe/Berlin' },
    expires_at: '2030-02-01T08:00:00.000Z',
    webhooks: [{ url: 'https://a/?b=c' }, { url: 'https://d', on: ['failed'], secret: 'x: y' }],
    metadata: { 'a: b': [1, null, 'yes', '0x1'], '<<': true },
    payload: { deep: { er: '- no' } },
    pinned: true,
    keep_workdir: true,
  };
  const line = cliOf(full);
  expect(line).toMatch(/^drover submit --file - <<'JOB'\n/);
  expect(await sentBy(line)).toEqual(full);
});
