import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { NpmStart } from '../support/npm-start.js';
import { freePorts } from '../support/ports.js';
import { processesWith } from '../support/processes.js';
import { copyTree } from '../support/tree-copy.js';

const user = `drovertest${process.pid}`;

// As an ordinary user all tests of npm start are this one already.
describe.runIf(process.getuid?.() === 0)('npm start as an ordinary user', { timeout: 240_000 }, () => {
  let tree: string;
  let start: NpmStart | undefined;

  beforeAll(() => {
    tree = copyTree('copy');
    execFileSync('useradd', ['--no-create-home', '--home-dir', tree, '--shell', '/bin/sh', user]);
    // The clone is the user's; its modules stay root's, as after an installation by somebody else.
    execFileSync('find', [
      tree,
      '-path',
      join(tree, 'node_modules'),
      '-prune',
      '-o',
      '-exec',
      'chown',
      `${user}:`,
      '{}',
      '+',
    ]);
  }, 120_000);

  afterAll(async () => {
    if (start?.running) start.child.kill('SIGTERM');
    await start?.exited;
    await expectEventually(() => expect(processesWith(tree)).toEqual([]), { withinMs: 30_000 });
    execFileSync('userdel', [user]);
    rmSync(tree, { recursive: true, force: true });
  });

  it('runs everything as that user and the first job succeeds', async () => {
    const [port = 0] = await freePorts(1);
    start = new NpmStart({ tree, env: { DROVER_PORT: String(port) }, prefix: ['runuser', '-u', user, '--'] });
    await start.says('Press Ctrl-C to stop.');
    expect(start.output).toContain('Line 3 of 3');
    const uid = statSync(join(tree, '.drover/postgres/data')).uid;
    expect(uid).not.toBe(0);
    const owners = processesWith(join(tree, 'dist')).map(
      ({ pid }) => /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
    );
    expect(owners.length).toBeGreaterThanOrEqual(2);
    expect(new Set(owners)).toEqual(new Set([String(uid)]));
    start.ctrlC();
    await start.exited;
    await expectEventually(() => expect(processesWith(tree)).toEqual([]), { withinMs: 30_000 });
  });
});
