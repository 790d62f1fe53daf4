import { expect, it } from 'vitest';
import { isDroverError } from '@drover/domain';
import { KnownKeys } from './known-keys.js';
import { LoginLine } from './login-line.js';

/** A line with one place, whose checks end when told; the order in which they began. */
function line(options = {}) {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const logins = new LoginLine({ atOnce: 1, ...options });
  const enter = (client: string, address: string): Promise<void> =>
    logins.inTurn({ client, address }, () => {
      began.push(`${client}@${address}`);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const finishAll = async (): Promise<void> => {
    while (ends.length > 0) {
      (ends.shift() as () => void)();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  };
  return { began, enter, finishAll };
}

it('lets addresses take turns, and the clients of one address', async () => {
  const { began, enter, finishAll } = line();
  const all = ['x', 'x', 'x', 'x', 'y', 'z'].map((client) => enter(client, 'attacker'));
  all.push(enter('x', 'lab'), enter('me', 'lab'));
  await finishAll();
  await Promise.all(all);
  expect(began).toEqual([
    'x@attacker',
    'x@attacker',
    'x@lab',
    'y@attacker',
    'me@lab',
    'z@attacker',
    'x@attacker',
    'x@attacker',
  ]);
});

it('refuses what finds no room, by client and by address, and says when to come again', async () => {
  const { enter, finishAll } = line({ perClient: 2, perAddress: 3 });
  const all = [enter('x', 'a'), enter('x', 'a'), enter('x', 'a')];
  const refused = await enter('x', 'a').catch((error: unknown) => error);
  expect(isDroverError(refused, 'rate_limited') && refused.details['retry_after_s']).toBe(1);
  all.push(enter('y', 'a'));
  await expect(enter('z', 'a')).rejects.toThrow('Too many logins wait');
  all.push(enter('z', 'b'));
  await finishAll();
  await Promise.all(all);
});

it('goes on after a check that failed', async () => {
  const logins = new LoginLine({ atOnce: 1 });
  await expect(logins.inTurn({ client: 'x', address: 'a' }, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  expect(await logins.inTurn({ client: 'x', address: 'a' }, () => Promise.resolve(7))).toBe(7);
});

it('knows a key again while its client and hash are the same', () => {
  const keys = new KnownKeys();
  keys.add('me', 'hash', 'key');
  expect([
    keys.has('me', 'hash', 'key'),
    keys.has('me', 'hash2', 'key'),
    keys.has('me', 'hash', 'kez'),
    keys.has('you', 'hash', 'key'),
  ]).toEqual([true, false, false, false]);
});
