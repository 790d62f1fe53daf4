import { describe, expect, it } from 'vitest';
import { UidPool } from './uid-pool.js';

describe('numbers of users for jobs', () => {
  it('gives no number to two jobs at once, and says what to do when none is left', () => {
    const pool = new UidPool(10, 12);
    expect(new Set([pool.take(), pool.take(), pool.take()])).toEqual(new Set([10, 11, 12]));
    expect(() => pool.take()).toThrow('DROVER_ISOLATION_UIDS');
  });

  it('gives a number again last', () => {
    const pool = new UidPool(10, 12);
    const first = pool.take();
    pool.give(first);
    expect([pool.take(), pool.take()]).not.toContain(first);
    expect(pool.take()).toBe(first);
  });

  it('leaves those of jobs that were found alone', () => {
    const pool = new UidPool(10, 11);
    pool.hold(10);
    expect(pool.take()).toBe(11);
    expect(() => pool.take()).toThrow();
    pool.give(10);
    pool.give(99);
    expect(pool.take()).toBe(10);
  });
});
