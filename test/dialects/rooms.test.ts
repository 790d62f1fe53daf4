import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DIALECTS } from '@drover/dialects';
import { PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePorts } from '../support/ports.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';
import { Program } from '../support/program.js';
import { copyTree } from '../support/tree-copy.js';
import { TypeCheck } from '../support/type-check.js';

const LIMIT_MS = 300_000;
const run = promisify(execFile);

let tree: string;
let list: string;
let types: TypeCheck;
beforeAll(() => {
  tree = copyTree('link');
  // The bench imports support of tests.
  for (const part of ['bench', 'test/support']) cpSync(join(PROJECT, part), join(tree, part), { recursive: true });
  list = readFileSync(join(tree, LIST), 'utf8');
  types = new TypeCheck(tree);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const LIST = 'libs/dialects/src/list.ts';

/** Runs a program of the copy. Rejects with what it printed. */
async function inTree(...argv: string[]): Promise<void> {
  await run(process.execPath, argv, { cwd: tree, timeout: LIMIT_MS, maxBuffer: 1 << 24 }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${argv.join(' ')} failed:\n${stdout}${stderr}`.slice(0, 4_000), { cause: error });
  });
}

const build = (): Promise<void> => inTree('scripts/build.mjs', '--quick');

/** Imports of built files that lead to no file: the build itself compiles each file without a look at the others. */
function brokenImports(): string[] {
  return ['apps', 'libs'].flatMap((part) => {
    const dist = join(tree, 'dist', part);
    return readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js'))
      .flatMap((path) =>
        [...readFileSync(join(dist, path), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"\n]+)"/g)]
          .filter(([, to = '']) => !existsSync(join(dist, dirname(path), to)))
          .map(([, to]) => `${part}/${path}: ${to}`),
      );
  });
}

describe('without its folder and its line', () => {
  it.each(DIALECTS.map(({ name }) => name))(
    '%s is gone, and what is left compiles',
    { timeout: LIMIT_MS },
    async (name) => {
      const room = join(tree, 'libs/dialects', name);
      const elsewhere = join(tree, '..', `${name}-${process.pid}`);
      renameSync(room, elsewhere);
      const lines = list.split('\n').filter((line) => !line.includes(`'../${name}/`));
      expect(lines.length).toBe(list.split('\n').length - 1);
      writeFileSync(join(tree, LIST), lines.join('\n'));
      try {
        await build();
        expect({ types: types.faults(), imports: brokenImports() }).toEqual({ types: [], imports: [] });
      } finally {
        renameSync(elsewhere, room);
        writeFileSync(join(tree, LIST), list);
      }
    },
  );
});

describe('with a folder and a line', () => {
  let database: string;
  let data: string;
  let api: Program | undefined;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    data = mkdtempSync(join(tmpdir(), 'drover-sixth-'));
  });
  afterAll(async () => {
    await api?.stop();
    await dropTestDatabase(database);
    rmSync(data, { recursive: true, force: true });
  });

  it('a sixth dialect serves its routes over its table', { timeout: LIMIT_MS }, async () => {
    cpSync(join(PROJECT, 'test/fixtures/sixth-dialect'), join(tree, 'libs/dialects/pinboard/src'), { recursive: true });
    writeFileSync(join(tree, LIST), `${list}export { pinboard } from '../pinboard/src/manifest.js';\n`);
    await build();
    expect(types.faults()).toEqual([]);
    const [port = 0] = await freePorts(1);
    const env = {
      DROVER_DATABASE_URL: database,
      DROVER_DATA_DIR: data,
      DROVER_KEY_FILE: inject('keyFile'),
      DROVER_PORT: String(port),
      DROVER_PINBOARD_QUEUE: 'cork',
    };
    await run(process.execPath, ['bin/drover.mjs', 'migrate'], {
      cwd: tree,
      timeout: LIMIT_MS,
      env: { PATH: process.env['PATH'], ...env },
    });
    api = new Program({
      name: 'the API with a sixth dialect',
      argv: [process.execPath, 'dist/apps/api/src/main.js'],
      env,
      cwd: tree,
      logPath: join(data, 'api.log'),
    });
    api.start();
    const url = `http://127.0.0.1:${port}`;
    const json = async (path: string, init?: RequestInit): Promise<unknown> =>
      (await fetch(url + path, { ...init, signal: AbortSignal.timeout(5_000) })).json();
    await expectEventually(async () => expect((await fetch(`${url}/livez`)).status).toBe(200), { withinMs: 60_000 });
    const card = (await json('/pinboard/cards', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'water the plants', command: 'true' }),
    })) as { job_id: string };
    expect(card).toEqual({ job_id: expect.any(String), title: 'water the plants' });
    expect(await json('/pinboard/cards')).toEqual({ cards: [{ job_id: card.job_id, title: 'water the plants' }] });
    expect(await json(`/pinboard/cards/${card.job_id}`)).toEqual({ state: 'queued' });
    expect(await json(`/api/v1/jobs/${card.job_id}`)).toMatchObject({ dialect: 'pinboard', queue: 'cork' });
    expect(await json('/pinboard/cards/nothing')).toMatchObject({ status: 404 });
    // The id that its clients know names the series of the job.
    await json(`/api/v1/jobs/${card.job_id}/cancel`, { method: 'POST' });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('="water the plants"');
  });
});
