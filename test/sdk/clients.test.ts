import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, Drover, UnreachableError, WaitTimeoutError } from '../../libs/client/src/sdk.js';
import { JWT_KEY, mint } from '../access/support.js';
import { PROJECT } from '../support/built.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePort } from '../support/ports.js';
import { examplesOf } from '../support/readme-examples.js';
import { Stack } from '../support/stack.js';

const run = promisify(execFile);
const LIMIT_MS = 180_000;
const page = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');
const { version: VERSION } = JSON.parse(page('package.json')) as { version: string };
/** Bytes of the packed package at most. */
const SMALL = 150_000;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

let stack: Stack;
let proxy: CuttingProxy;
let drover: Drover;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-sdk-'));
  stack = await Stack.start({ env: { DROVER_JWT_SIGNING_KEY: JWT_KEY } });
  await stack.request(
    'PUT',
    '/v1/client-permissions/ci',
    { client_secret: 'correct horse battery', role: 'contributor' },
    { authorization: `Bearer ${await mint({ client_id: 'root', role: 'admin' })}` },
  );
  proxy = await CuttingProxy.start(stack.api.port);
  drover = new Drover({ url: proxy.url });
}, LIMIT_MS);
afterAll(async () => {
  await proxy?.goAway();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the client for TypeScript', () => {
  it('runs a command and gives its exit code and output, characters whole', async () => {
    const pieces: string[] = [];
    const result = await drover.run(
      ['sh', '-c', "printf '\\303'; sleep 0.3; printf '\\251t\\303\\251'; echo no >&2; exit 7"],
      {
        onOutput: ({ text }) => void pieces.push(text),
      },
    );
    expect(result).toMatchObject({ exitCode: 7, state: 'failed', cause: 'exit_code', stdout: 'été', stderr: 'no\n' });
    expect(pieces.join('')).toBe(result.output);
  });

  it('follows an output without a byte lost or doubled when connections are cut in the middle', async () => {
    const { id } = await drover.jobs.submit({ command: 'seq 1 30000; sleep 0.2; seq 30001 60000; seq 1 9 >&2' });
    const before = proxy.cut;
    proxy.cutAfter(1_000, 30_000, 0, 70_001, 5_000);
    const seen = { stdout: '', stderr: '' };
    const ends = { stdout: 0, stderr: 0 };
    let lost = 0;
    const pieces = drover.jobs.logs(id, { follow: true, onLost: () => (lost += 1) });
    let next = await pieces.next();
    for (; !next.done; next = await pieces.next()) {
      const { stream, text, bytes, offset } = next.value;
      expect(offset).toBe(ends[stream]);
      ends[stream] += bytes.length;
      seen[stream] += text;
    }
    expect(next.value?.state).toBe('succeeded');
    const numbers = (last: number): string => Array.from({ length: last }, (_, at) => `${at + 1}\n`).join('');
    expect(seen).toEqual({ stdout: numbers(60_000), stderr: numbers(9) });
    expect(proxy.cut - before).toBe(5);
    expect(lost).toBeGreaterThanOrEqual(3);
    // And the stored bytes from a byte on, over a connection that is cut, too.
    proxy.cutAfter(40_000, 0, 90_000);
    let stored = '';
    for await (const { text } of drover.jobs.logs(id, { stream: 'stdout', from: 100 })) stored += text;
    expect(stored).toBe(numbers(60_000).slice(100));
    proxy.cutAfter();
  });

  it('downloads a file whole over connections that are cut', async () => {
    const { job } = await drover.run('mkdir "o t"; seq 1 50000 > "o t/n#1.txt"', { artifacts: ['o t/*'] });
    expect(await drover.jobs.artifacts(job.id)).toMatchObject([{ path: 'o t/n#1.txt', size: 288_894 }]);
    const before = proxy.cut;
    proxy.cutAfter(10_000, 100_000);
    let size = 0;
    for await (const part of drover.jobs.download(job.id, 'o t/n#1.txt')) size += part.length;
    expect([size, proxy.cut - before]).toEqual([288_894, 2]);
    proxy.cutAfter();
  });

  it('submits one job, though the answer is lost, and the API is away for a while', async () => {
    proxy.cutAfter(0);
    const lost = await drover.jobs.submit({ command: 'true', name: 'answer-lost' });
    await proxy.goAway();
    const submitting = drover.jobs.submit({ command: 'true', name: 'away' });
    setTimeout(() => void proxy.comeBack(), 1_500);
    const away = await submitting;
    for (const [name, { id }] of Object.entries({ 'answer-lost': lost, away })) {
      const jobs = await all(drover.jobs.list({ name }));
      expect(jobs.map((job) => job.id)).toEqual([id]);
    }
  });

  it('waits over a connection that is cut, and gives up after a time or at a signal', async () => {
    const { id } = await drover.jobs.submit({ command: 'sleep 1; exit 4' });
    await expect(drover.jobs.wait(id, { timeoutMs: 50 })).rejects.toThrow(WaitTimeoutError);
    proxy.cutAfter(400, 700);
    await expect(drover.jobs.wait(id)).resolves.toMatchObject({ state: 'failed', exit_code: 4 });
    proxy.cutAfter();
  });

  it('cancels the job of a run that is aborted, and leaves it where that is asked for', async () => {
    for (const [whenLeft, state] of [
      ['cancel', 'cancelled'],
      ['go on', 'running'],
    ] as const) {
      const stop = new AbortController();
      let id = '';
      const running = drover.run('echo begun; sleep 30', {
        signal: stop.signal,
        whenLeft,
        name: `left-${state}`,
        onOutput: () => stop.abort(new Error('enough')),
      });
      await expect(running).rejects.toThrow('enough');
      for await (const job of drover.jobs.list({ name: `left-${state}` })) id = job.id;
      await expectEventually(async () => expect((await drover.jobs.get(id)).state).toBe(state));
      if (state === 'running') await drover.jobs.cancel(id);
    }
  });

  it('tells a limit that it may not wait for', async () => {
    await stack.request('PUT', '/api/v1/projects/default/quotas', { waiting_jobs: 1 });
    try {
      const { id } = await drover.jobs.submit({ command: 'true', queue: 'nobody' });
      const hurried = new Drover({ url: proxy.url, limits: { busyMs: 0 } });
      const refused = hurried.jobs.submit({ command: 'true', queue: 'nobody' });
      await expect(refused).rejects.toMatchObject({ status: 429, code: 'rate_limited' });
      await drover.jobs.cancel(id);
    } finally {
      await stack.request('PUT', '/api/v1/projects/default/quotas', { waiting_jobs: null });
    }
  });

  it('says what is wrong: a field, a job that is not there, an API that is not there', async () => {
    const refused = await drover.jobs.submit({ command: 'true', retry: { max: -1 } }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 422, code: 'invalid', field: 'retry.max' });
    expect((refused as ApiError).requestId).toMatch(/^[0-9a-f-]{36}$/);
    const nobody = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';
    await expect(drover.jobs.wait(nobody)).rejects.toMatchObject({ status: 404 });
    await expect(drover.jobs.logs(nobody, { follow: true }).next()).rejects.toMatchObject({ status: 404 });
    const away = new Drover({ url: `http://127.0.0.1:${await freePort()}`, limits: { awayMs: 0 } });
    await expect(away.jobs.get(nobody)).rejects.toThrow(UnreachableError);
    expect(() => new Drover({ url: 'here' })).toThrow('url: here is no address');
  });

  it('lists more jobs than one page holds, each once', async () => {
    const ids = await drover.jobs.submitAll(Array.from({ length: 7 }, () => ({ command: 'true', tags: ['paged'] })));
    const listed = await all(drover.jobs.list({ tag: ['paged'] }, { pageSize: 3 }));
    expect(listed.map((job) => job.id).toSorted()).toEqual(ids.toSorted());
    expect((await all(drover.jobs.list({ tag: ['paged'] }, { limit: 4, pageSize: 3 }))).length).toBe(4);
  });

  it(
    'is a small package that installs into an empty folder, compiles there, and does what its README says',
    async () => {
      const npm = { cwd: folder, timeout: LIMIT_MS, env: { ...process.env, npm_config_cache: join(folder, 'cache') } };
      await run(process.execPath, [join(PROJECT, 'scripts/build-sdk.mjs')], { timeout: LIMIT_MS });
      await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
        ...npm,
        cwd: join(PROJECT, 'clients/typescript'),
      });
      const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
      expect(tarball).toBe(`drover-sdk-${VERSION}.tgz`);
      expect(statSync(join(folder, tarball)).size).toBeLessThan(SMALL);
      const user = join(folder, 'user');
      mkdirSync(user);
      writeFileSync(join(user, 'package.json'), '{"type":"module"}');
      const packages = ['openapi-fetch', 'openapi-typescript-helpers'].map((name) =>
        join(PROJECT, 'node_modules', name),
      );
      await run('npm', ['install', '--offline', '--install-links', '--no-audit', join(folder, tarball), ...packages], {
        ...npm,
        cwd: user,
      });
      const examples = examplesOf('clients/typescript/README.md', 'ts');
      expect(examples.length).toBeGreaterThan(4);
      for (const [at, { code }] of examples.entries()) writeFileSync(join(user, `example-${at}.ts`), code);
      const strict = ['--strict', '--target', 'ES2022', '--module', 'nodenext', '--skipDefaultLibCheck'];
      const files = examples.map((_, at) => `example-${at}.ts`);
      const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
      await run(process.execPath, [tsc, ...strict, ...files], { cwd: user, timeout: LIMIT_MS }).catch(
        ({ stdout }: { stdout: string }) => expect(stdout).toBe(''),
      );
      const env = { PATH: process.env['PATH'], DROVER_API_URL: stack.url };
      const said = await Promise.all(
        examples.map((_, at) => run(process.execPath, [`example-${at}.js`], { cwd: user, env, timeout: 60_000 })),
      );
      expect(said.map(({ stdout }) => stdout)).toEqual(examples.map(({ output }) => output));
    },
    LIMIT_MS,
  );
});

/** The reason why the client for Python cannot be run here; null: it can. */
const noPython = ((): string | null => {
  const { status, stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 11))'], {
    encoding: 'utf8',
  });
  if (status !== 0) return 'python3 is not installed';
  return stdout.trim() === 'True' ? null : 'python3 is older than 3.11';
})();

describe.skipIf(noPython !== null)(`the client for Python${noPython ? ` (${noPython})` : ''}`, () => {
  const source = join(PROJECT, 'clients/python/src');
  const environmentOf = (url: string) => ({
    PATH: process.env['PATH'],
    PYTHONPATH: source,
    PYTHONPYCACHEPREFIX: join(folder, 'pycache'),
    DROVER_API_URL: url,
  });
  const python = async (code: string, url = proxy.url): Promise<string> => {
    const { stdout } = await run('python3', ['-W', 'error', '-c', code], { env: environmentOf(url), timeout: 60_000 });
    return stdout;
  };
  const HEAD = 'import hashlib, json, sys\nfrom drover import *\ndrover = Client()\n';

  it('has strict types', async ({ skip }) => {
    skip(spawnSync('mypy', ['--version']).status !== 0, 'mypy is not installed');
    await run('mypy', ['--strict', '--python-version', '3.11', '--cache-dir', join(folder, 'mypy'), source]).catch(
      ({ stdout }: { stdout: string }) => expect(stdout).toBe(''),
    );
  });

  it('shows a queue and an agent, and drains an agent', async () => {
    const said = await python(`${HEAD}
name = drover.agents(queue="default")[0]["name"]
print(drover.queue("default")["name"], drover.agent(name)["name"] == name)
print(drover.drain(name)["state"], drover.undrain(name)["state"])
`);
    expect(said).toBe('default True\ndraining online\n');
  });

  it('compiles, and has the version of Drover', async () => {
    await run('python3', ['-W', 'error', '-m', 'compileall', '-q', source], { env: environmentOf(proxy.url) });
    expect(page('clients/python/pyproject.toml')).toContain(`version = "${VERSION}"`);
    expect(await python('import drover; print(drover.__version__)')).toBe(`${VERSION}\n`);
  });

  it('follows an output without a byte lost or doubled when connections are cut in the middle', async () => {
    const { id } = await drover.jobs.submit({
      command: "printf '\\303'; sleep 0.2; printf '\\251\\n'; seq 1 60000; sleep 0.2; seq 1 9 >&2; exit 7",
    });
    const before = proxy.cut;
    proxy.cutAfter(1_000, 30_000, 0, 70_001, 5_000);
    const said = await python(`${HEAD}
texts, ends = {"stdout": "", "stderr": ""}, {"stdout": 0, "stderr": 0}
lost = []
for piece in drover.logs("${id}", follow=True, on_lost=lambda: lost.append(1)):
    assert piece.offset == ends[piece.stream], piece.offset
    ends[piece.stream] += len(piece.data)
    texts[piece.stream] += piece.text
print(json.dumps([texts["stdout"] == "é\\n" + "".join(f"{n}\\n" for n in range(1, 60001)), texts["stderr"], len(lost) > 2]))
`);
    expect(JSON.parse(said)).toEqual([true, '1\n2\n3\n4\n5\n6\n7\n8\n9\n', true]);
    expect(proxy.cut - before).toBe(5);
    proxy.cutAfter(40_000, 0, 90_000);
    const stored = await python(`${HEAD}
print(sum(len(piece.data) for piece in drover.logs("${id}", stream="stdout", start=3)), drover.wait("${id}")["exit_code"])
`);
    expect(stored).toBe('348894 7\n');
    proxy.cutAfter();
  });

  it('downloads whole, and submits one job, over connections that are cut and an API that is away', async () => {
    const { job } = await drover.run('mkdir "o t"; seq 1 50000 > "o t/n#1.txt"', { artifacts: ['o t/*'] });
    proxy.cutAfter(10_000, 100_000);
    expect(await python(`${HEAD}print(len(b"".join(drover.download("${job.id}", "o t/n#1.txt"))))`)).toBe('288894\n');
    proxy.cutAfter(0);
    const lost = (await python(`${HEAD}print(drover.submit("true", name="py-lost")["id"])`)).trim();
    await proxy.goAway();
    const submitting = python(`${HEAD}print(drover.submit("true", name="py-away")["id"])`);
    setTimeout(() => void proxy.comeBack(), 1_500);
    const away = (await submitting).trim();
    for (const [name, id] of Object.entries({ 'py-lost': lost, 'py-away': away }))
      expect((await all(drover.jobs.list({ name }))).map((one) => one.id)).toEqual([id]);
  });

  it('waits as long as a 429 says, and sends nothing twice that may not be done twice', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/lost') response.destroy();
      else if (asked.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const code = `${HEAD}
import time
began = time.monotonic()
drover.request("POST", "/x", body={})
print(time.monotonic() - began >= 1)
try:
    drover.request("POST", "/lost", body={})
except UnreachableError:
    print("once")
`;
    expect(await python(code, url)).toBe('True\nonce\n');
    expect(asked).toEqual(['POST /x', 'POST /x', 'POST /lost']);
    await new Promise((closed) => server.close(closed));
  });

  it('gives up waiting after a time, says what is wrong, and cancels the job of a run that Ctrl-C ends', async () => {
    const code = `${HEAD}
import _thread
job = drover.submit("sleep 30", name="py-slow")
for call in (
    lambda: drover.wait(job["id"], timeout=0.3),
    lambda: drover.run("sleep 30", name="py-late", timeout=1),
    lambda: drover.submit("true", retry={"max": -1}),
    lambda: drover.wait("0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55"),
    lambda: Client("http://127.0.0.1:${await freePort()}", away_s=0).count(),
):
    try:
        call()
    except DroverError as error:
        print(type(error).__name__, getattr(error, "status", None), getattr(error, "field", None))
drover.cancel(job["id"])
try:
    drover.run("echo begun; sleep 30", name="py-left", on_output=lambda piece: _thread.interrupt_main())
except KeyboardInterrupt:
    print("interrupted")
`;
    expect((await python(code)).trim().split('\n')).toEqual([
      'WaitTimeoutError None None',
      'WaitTimeoutError None None',
      'ApiError 422 retry.max',
      'ApiError 404 None',
      'UnreachableError None None',
      'interrupted',
    ]);
    for (const name of ['py-slow', 'py-late', 'py-left'])
      await expectEventually(async () => {
        const [job] = await all(drover.jobs.list({ name }));
        expect([name, job?.state]).toEqual([name, 'cancelled']);
      });
  });

  it('does what its README says', async () => {
    const examples = examplesOf('clients/python/README.md', 'python');
    expect(examples.length).toBeGreaterThan(4);
    const said = await Promise.all(examples.map(({ code }) => python(code, stack.url)));
    expect(said).toEqual(examples.map(({ output }) => output));
  });
});
