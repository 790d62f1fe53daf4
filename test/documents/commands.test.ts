import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { PROJECT } from '../support/built.js';
import { blocksOf, compare, withIds, type Block } from '../support/document.js';
import { HookServer } from '../support/hook-server.js';
import { NodeExporter } from '../support/node-exporter.js';
import { Shell } from '../support/shell.js';
import { Stack } from '../support/stack.js';

/** The first page that is run: it shows a fresh `npm start` with one worker. */
const FIRST = 'README.md';
const list = (folder: string): string[] => readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' });
/** Every page with commands: those of users, of the dialects, of the clients, and the one of contributors. */
const PAGES = [
  FIRST,
  ...[
    'CONTRIBUTING.md',
    'clients/python/README.md',
    'clients/typescript/README.md',
    ...list('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
    ...readdirSync(join(PROJECT, 'libs/dialects'))
      .map((name) => join('libs/dialects', name, 'README.md'))
      .filter((page) => existsSync(join(PROJECT, page))),
  ].sort(),
];
const blocks = (page: string): Block[] => blocksOf(join(PROJECT, page));
/** Blocks that are run: against a broker without logins, and against one where people log in. */
const RUN = ['console', 'console oauth2'];
/** Longer than a command may take, so that the one which does not end is named. */
const PAGE_MS = 200_000;
/** The address in the pages: that of `npm start`. */
const ADDRESS = /(?:127\.0\.0\.1|localhost):8080/g;
/** Programs that pages call. */
const PROGRAMS =
  'apt|apt-get|cat|cd|chmod|chown|cmp|cp|createdb|curl|docker|dpkg|drover|git|grep|head|helm|initdb|install|' +
  'journalctl|kill|kubectl|mkdir|mv|node|npm|npx|openssl|pg_basebackup|pg_ctl|pg_dump|pg_restore|pip|podman|' +
  'promtool|psql|python3|redis-cli|rm|sbatch|scp|sh|ssh|sudo|systemctl|tar|touch|wget';
/** Languages whose lines may begin like a command and are none: only a prompt tells one there. */
const NOT_A_SHELL = /^(?:ini|json|mermaid|python|sql|ts|yaml)$/;
/** A line that begins like a command of a shell: a prompt, or a program behind its path and its variables. */
const COMMAND = new RegExp(`^(?:\\$ |DROVER_\\w+=\\S+ +\\w|(?:\\w+=\\S+ +)*(?:[\\w.-]*/)*(?:${PROGRAMS})(?: |$))`, 'm');

/** The fault of a block that may hold commands; empty where there is none. */
function faultOf({ info, skip, text, commands }: Block): string {
  if (RUN.includes(info)) {
    if (!text.startsWith('$ ')) return 'begins with no command behind "$ "';
    const shown = commands.flatMap(({ output }) => output).find((line) => COMMAND.test(line));
    return shown === undefined ? '' : `has a command without "$ ": ${shown}`;
  }
  if (info.startsWith('console')) {
    if (skip.length < 20) return 'names no reason of 20 characters';
    const lost = (skip.match(/\b(?:apps|deploy|libs|test)\/[\w./-]*[\w]/g) ?? []).find(
      (path) => !existsSync(join(PROJECT, path)),
    );
    return lost === undefined ? '' : `names ${lost}, which is not there`;
  }
  return (NOT_A_SHELL.test(info) ? /^\$ /m : COMMAND).test(text) ? 'has commands and is no block of commands' : '';
}

describe('Every command in the documents', () => {
  it('stands in a block of commands, which names the reason where it is not run', () => {
    const wrong = PAGES.flatMap((page) =>
      blocks(page)
        .map((block) => ({ ...block, fault: faultOf(block) }))
        .filter(({ fault }) => fault !== '')
        .map(({ line, text, fault }) => `${page}:${line} ${fault}: ${text.split('\n', 1)[0]}`),
    );
    expect(wrong).toEqual([]);
  });

  describe('runs as it stands', () => {
    let stack: Stack;
    let locked: Stack | undefined;
    let hooks: HookServer;
    let exporter: NodeExporter | undefined;
    let tools: string;
    let more: Promise<unknown> | undefined;
    beforeAll(async () => {
      hooks = await HookServer.start();
      stack = await Stack.start({
        // README.md shows a fresh `npm start`: one worker, one queue.
        workers: [{ name: 'deneb', slots: 2 }],
        // The dialects' pages say that they were run with these.
        env: { DROVER_WEBHOOK_NETWORKS: 'loopback', DROVER_FASTLANE_EXECUTOR: 'process', FLUX_TOKEN: 'secret' },
      });
      tools = mkdtempSync(join(tmpdir(), 'drover-documents-'));
      // `npx drover` of the pages is the program that was built here.
      const drover = join(PROJECT, 'bin/drover.mjs');
      writeFileSync(join(tools, 'drover'), `#!/bin/sh\nexec '${process.execPath}' '${drover}' "$@"\n`);
      writeFileSync(join(tools, 'npx'), `#!/bin/sh\n[ "$1" = drover ] || exit 127\nshift\nexec drover "$@"\n`);
      for (const name of ['drover', 'npx']) chmodSync(join(tools, name), 0o755);
    });
    afterAll(async () => {
      await stack?.stop();
      await locked?.stop();
      await hooks?.stop();
      await exporter?.stop();
      if (tools) rmSync(tools, { recursive: true, force: true });
    });

    async function startWithLogins(): Promise<Stack> {
      const token = await mint({ client_id: 'root', role: 'admin' });
      return Stack.start({
        workers: [{ name: 'vega', queues: 'builds' }],
        env: {
          DROVER_AUTH: 'oauth2',
          DROVER_JWT_SIGNING_KEY: JWT_KEY,
          DROVER_ENROLMENT_TOKEN: 'a token for new workers',
          DROVER_WEBHOOK_NETWORKS: 'loopback',
          DROVER_TESTFLINGER_WEBHOOK_ORIGINS: new URL(hooks.url()).origin,
        },
        headers: { authorization: `Bearer ${token}` },
      });
    }

    const shellFor = (broker: Stack, page: string, cwd: string): Shell =>
      new Shell(cwd, {
        PATH: `${tools}:${process.env['PATH']}`,
        HOME: cwd,
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        U: broker.url,
        HOOK: hooks.url('/hook'),
        EXPORTER: exporter?.address ?? '',
        DROVER_API_URL: broker.url,
        DROVER_DATABASE_URL: broker.databaseUrl,
        DROVER_DATA_DIR: broker.dataDir,
        PAGE: dirname(join(PROJECT, page)),
      });

    for (const page of PAGES.filter((path) => blocks(path).some(({ info }) => RUN.includes(info))))
      it(
        page,
        async () => {
          if (page !== FIRST) await (more ??= stack.addWorker({ name: 'vega', queues: 'builds,gpu', slots: 2 }));
          if (readFileSync(join(PROJECT, page), 'utf8').includes('$EXPORTER')) exporter ??= await NodeExporter.start();
          const cwd = mkdtempSync(join(tmpdir(), 'drover-page-'));
          const ids = new Map<string, string>();
          const shells = new Map<Stack, Shell>();
          try {
            for (const block of blocks(page).filter(({ info }) => RUN.includes(info))) {
              const broker = block.info === 'console' ? stack : (locked ??= await startWithLogins());
              const shell = shells.get(broker) ?? shellFor(broker, page, cwd);
              shells.set(broker, shell);
              for (const [at, { line, command, output }] of block.commands.entries()) {
                const typed = withIds(command, ids).replaceAll(ADDRESS, new URL(broker.url).host);
                const done = await shell.run(typed);
                // A crowded machine may keep the API from answering for two seconds.
                done.lines = done.lines.filter((said) => !/^drover: the API at \S+ has not answered yet/.test(said));
                const where = `${page}:${line}: ${command}`;
                // A command may fail where the page shows its exit code below it.
                if (done.code !== 0 && block.commands[at + 1]?.command !== 'echo $?')
                  throw new Error(`${where}\nended with exit code ${done.code}:\n${done.lines.join('\n')}`);
                try {
                  compare(output, done.lines, ids);
                } catch (error) {
                  throw new Error(`${where}\n${(error as Error).message}`, { cause: error });
                }
              }
            }
          } finally {
            for (const shell of shells.values()) shell.close();
            rmSync(cwd, { recursive: true, force: true });
          }
        },
        PAGE_MS,
      );
  });
});
