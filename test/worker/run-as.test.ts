import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNode, ROOT, untriable } from './support/isolation.js';

const why = untriable('user', true) ?? (existsSync('/usr/sbin/useradd') ? undefined : 'useradd is missing');
const ACCOUNT = `drover-t${process.pid}`;
const GROUP = `${ACCOUNT}-g`;
const number = (what: string, name: string): string =>
  execFileSync('getent', [what, name], { encoding: 'utf8' }).split(':')[2] ?? '';

describe.skipIf(why !== undefined)(`DROVER_RUN_AS${why === undefined ? '' : ` (${why})`}`, () => {
  beforeAll(() => {
    execFileSync('groupadd', [GROUP]);
    execFileSync('useradd', ['--create-home', '--groups', GROUP, '--shell', '/bin/sh', ACCOUNT]);
  });
  afterAll(() => {
    execFileSync('userdel', ['--remove', ACCOUNT], { stdio: 'ignore' });
    execFileSync('groupdel', [GROUP], { stdio: 'ignore' });
    rmSync(`/home/${ACCOUNT}`, { recursive: true, force: true });
  });

  for (const level of ['user', 'namespace'] as const) {
    it.skipIf(untriable(level, true) !== undefined)(
      `runs the jobs of an owner under its account, all others under a number of their own (${level})`,
      async () => {
        const isolated = await IsolatedNode.start(level, { env: { DROVER_RUN_AS: `ada:${ACCOUNT}` } });
        try {
          const run = async (owner: string) => {
            const id = await isolated.node.api.submit(
              {
                command:
                  'id -un 2>/dev/null; id -u; id -G; echo "$HOME"; touch "$HOME/seen" && echo written; grep NoNewPrivs /proc/self/status',
              },
              { owner },
            );
            return (await isolated.node.ended(id)).stdout.text.trim().split('\n');
          };
          const [name, uid, groups, home, written, privileges] = await run('ada');
          expect([name, uid, home, written, privileges]).toEqual([
            ACCOUNT,
            number('passwd', ACCOUNT),
            `/home/${ACCOUNT}`,
            'written',
            'NoNewPrivs:\t1',
          ]);
          if (level === 'user') expect(groups?.split(' ')).toContain(number('group', GROUP));
          const others = await run('somebody else');
          expect(Number(others.find((line) => /^\d+$/.test(line)))).toBeGreaterThanOrEqual(200_000);
        } finally {
          await isolated.close();
        }
      },
    );
  }

  it('refuses an account that is root, or none at all, at the start', async () => {
    const isolated = await IsolatedNode.start('user');
    try {
      await isolated.node.worker.stop();
      for (const [account, said] of [
        ['root', 'which is root'],
        ['nobody-there', 'There is no account'],
      ] as const) {
        const twin = isolated.node.twin();
        twin.start({ DROVER_RUN_AS: `ada:${account}` });
        expect((await twin.exit()).code).toBe(1);
        expect(twin.log()).toContain(said);
      }
    } finally {
      await isolated.close();
    }
  });

  it('is refused without a level that can hold it', async () => {
    expect(ROOT).toBe(true);
    const { loadConfig } = await import('@drover/config');
    expect(() => loadConfig({ DROVER_RUN_AS: 'ada:alovelace' })).toThrow('DROVER_ISOLATION=user');
    expect(() => loadConfig({ DROVER_RUN_AS: 'ada:alovelace,ada:other', DROVER_ISOLATION: 'user' })).toThrow(
      '"ada" twice',
    );
    expect(() => loadConfig({ DROVER_ISOLATION: 'some' })).toThrow('none, user, namespace');
    expect(() => loadConfig({ DROVER_ISOLATION_UIDS: '5-900' })).toThrow('200000-200999');
  });
});
