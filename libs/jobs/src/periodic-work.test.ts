import { describe, expect, it } from 'vitest';
import { PeriodicWork } from './periodic-work.js';

/** Internal jobs that only note what they are told. */
function setUp() {
  const told: string[] = [];
  const internal = {
    handle: (handlers: object) => void told.push(`handles ${Object.keys(handlers).sort().join(' ')}`),
    every: async (name: string, everyMs: number) => void told.push(`${name} each ${everyMs}`),
    close: async () => void told.push('closed'),
  };
  return { told, work: new PeriodicWork(internal, { warn: () => undefined }) };
}

describe('periodic work', () => {
  it('begins with everything that was registered, the frequent work in one tick', async () => {
    const { told, work } = setUp();
    work.every('sweep', 1_000, async () => undefined);
    work.every('tidy', 60_000, async () => undefined);
    work.handle('deliver', async () => undefined);
    work.whenStarted(async () => void told.push('began'));
    expect(told).toEqual([]);
    await work.start();
    expect(told).toEqual(['handles deliver frequent tidy', 'frequent each 5000', 'tidy each 60000', 'began']);
  });

  it('takes nothing more once it has begun, for nobody would do it', async () => {
    const { work } = setUp();
    await work.start();
    expect(() => work.every('late', 60_000, async () => undefined)).toThrow('"late" was registered after');
    expect(() => work.handle('late', async () => undefined)).toThrow('"late" was registered after');
    expect(() => work.whenStarted(async () => undefined)).toThrow('was registered after');
  });

  it('undoes what it began in the opposite order, once, and goes on with its ticks until it is closed', async () => {
    const { told, work } = setUp();
    for (const name of ['first', 'second']) work.whenStarted(async () => () => void told.push(`undid ${name}`));
    await work.start();
    told.length = 0;
    await work.stop();
    await work.stop();
    expect(told).toEqual(['undid second', 'undid first']);
    await work.close();
    expect(told.at(-1)).toBe('closed');
  });
});
