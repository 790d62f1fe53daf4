import { describe, expect, it, vi } from 'vitest';
import { DroverError } from '@drover/domain';
import { isRefusal, Outage, sleep, unavailable, within } from './guard.js';

describe('within', () => {
  it('gives the value, or the failure, of what settles in time', async () => {
    await expect(within(1000, 'x', Promise.resolve(7))).resolves.toBe(7);
    await expect(within(1000, 'x', Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('refuses with the name of what did not, and swallows its late failure', async () => {
    let fail = (_error: Error): void => undefined;
    const late = new Promise<never>((_, reject) => (fail = reject));
    await expect(within(10, 'The store', late)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('The store did not answer within 10 ms') as string,
    });
    fail(new Error('too late'));
    await sleep(1);
  });
});

describe('unavailable', () => {
  it('names the store and the reason, and leaves an error of ours as it is', () => {
    expect(unavailable('Redis', new Error('ECONNREFUSED')).message).toBe('Redis cannot be used: ECONNREFUSED');
    const ours = new DroverError('invalid', 'x');
    expect(unavailable('Redis', ours)).toBe(ours);
  });
});

describe('isRefusal', () => {
  it('knows an answer of BullMQ from a failure of the store', () => {
    expect(isRefusal(Object.assign(new Error('Missing key'), { code: -1 }))).toBe(true);
    expect(isRefusal(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe(false);
    expect(isRefusal(undefined)).toBe(false);
  });
});

describe('Outage', () => {
  it('tells of the first failure, and again after it was over', () => {
    const tell = vi.fn();
    let now = 0;
    const outage = new Outage(tell, () => now);
    outage.failed(new Error('1'));
    outage.failed(new Error('2'));
    outage.over();
    now += 2_000;
    outage.failed('3');
    expect(tell.mock.calls.map(([error]) => (error as Error).message)).toEqual(['1', '3']);
  });

  it('tells once of a store that goes down piece by piece, however slowly: what still answers in between is no end of it', () => {
    const tell = vi.fn();
    let now = 0;
    const outage = new Outage(tell, () => now);
    for (let piece = 0; piece < 20; piece++) {
      outage.failed(new Error(`connection ${piece} was cut`));
      now += 500;
      outage.over();
      now += 1_000;
    }
    expect(tell).toHaveBeenCalledTimes(1);
  });

  it('lets no listener break what reports to it', () => {
    const outage = new Outage(() => {
      throw new Error('listener');
    });
    expect(() => outage.failed(new Error('x'))).not.toThrow();
  });
});

describe('sleep', () => {
  it('ends at once when it is told to', async () => {
    const stop = new AbortController();
    const began = performance.now();
    setTimeout(() => stop.abort(), 5);
    await sleep(5000, stop.signal);
    await sleep(5000, stop.signal);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
