import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { blocksOf, compare, withIds } from '../support/document.js';
import { HookServer } from '../support/hook-server.js';
import { Shell } from '../support/shell.js';
import { Stack } from '../support/stack.js';

/** Every page that a user reads. Pages for developers have no commands. */
const PAGES = [
  join(PROJECT, 'README.md'),
  ...readdirSync(join(PROJECT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(PROJECT, 'docs', name)),
].sort();
/** The address in the pages: that of `npm start`. */
const ADDRESS = /(?:127\.0\.0\.1|localhost):8080/g;
/** A line that begins like a command of a shell. */
const COMMAND = /^(?:\$ |npx drover|drover |npm |curl |DROVER_\w+=\S+ +\w)/m;

describe('Every command in the documents', () => {
  it('stands in a block of commands, which names the reason where it is not run', () => {
    const wrong = PAGES.flatMap((page) =>
      blocksOf(page)
        .filter(({ info, skip, text }) => {
          if (!COMMAND.test(text)) return false;
          return !(info === 'console' || skip.length >= 20);
        })
        .map(({ line, text }) => `${relative(PROJECT, page)}:${line} ${text.split('\n', 1)[0]}`),
    );
    expect(wrong).toEqual([]);
  });

  describe('runs as it stands', () => {
    let stack: Stack;
    let hooks: HookServer;
    let tools: string;
    let more: Promise<unknown> | undefined;
    beforeAll(async () => {
      hooks = await HookServer.start();
      stack = await Stack.start({
        // README shows a fresh `npm start`: one worker, one queue.
        workers: [{ name: 'deneb', slots: 2 }],
        env: { DROVER_WEBHOOK_NETWORKS: 'loopback' },
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
      await hooks?.stop();
      if (tools) rmSync(tools, { recursive: true, force: true });
    });

    for (const page of PAGES.filter((path) => blocksOf(path).some(({ info }) => info === 'console')))
      it(relative(PROJECT, page), async () => {
        if (page !== PAGES[0]) await (more ??= stack.addWorker({ name: 'vega', queues: 'builds,gpu', slots: 2 }));
        const cwd = mkdtempSync(join(tmpdir(), 'drover-page-'));
        const ids = new Map<string, string>();
        const here = (text: string) => withIds(text, ids).replaceAll(ADDRESS, new URL(stack.url).host);
        const shell = new Shell(cwd, {
          PATH: `${tools}:${process.env['PATH']}`,
          HOME: cwd,
          LANG: 'C.UTF-8',
          TZ: 'UTC',
          U: stack.url,
          HOOK: hooks.url('/hook'),
          DROVER_API_URL: stack.url,
          DROVER_DATABASE_URL: stack.databaseUrl,
          DROVER_DATA_DIR: stack.dataDir,
          PAGE: dirname(page),
        });
        try {
          for (const block of blocksOf(page).filter(({ info }) => info === 'console'))
            for (const [at, { line, command, output }] of block.commands.entries()) {
              const done = await shell.run(here(command));
              // A crowded machine may keep the API from answering for two seconds.
              done.lines = done.lines.filter((said) => !/^drover: the API at \S+ has not answered yet/.test(said));
              const where = `${relative(PROJECT, page)}:${line}: ${command}`;
              // A command may fail where the page shows its exit code below it.
              if (done.code !== 0 && block.commands[at + 1]?.command !== 'echo $?')
                throw new Error(`${where}\nended with exit code ${done.code}:\n${done.lines.join('\n')}`);
              try {
                compare(output, done.lines, ids);
              } catch (error) {
                throw new Error(`${where}\n${(error as Error).message}`, { cause: error });
              }
            }
        } finally {
          shell.close();
          rmSync(cwd, { recursive: true, force: true });
        }
      });
  });
});
