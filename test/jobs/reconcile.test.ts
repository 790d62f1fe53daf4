import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dispatcher } from '@drover/jobs';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the comparison of the record with the tickets', () => {
  let jobs: Jobs;
  let dispatcher: Dispatcher;
  let now: number;
  /** How long each look at the tickets takes. */
  let lookMs: number;

  beforeEach(async () => {
    jobs = await startJobs();
    [now, lookMs] = [0, 0];
    const missing = jobs.sink.missing.bind(jobs.sink);
    jobs.sink.missing = async (queue, ids) => {
      now += lookMs;
      return missing(queue, ids);
    };
    dispatcher = new Dispatcher(jobs.store, jobs.sink, quiet, () => now);
    await jobs.submits.submitBatch([submission(), submission(), submission()]);
    await jobs.dispatcher.settled();
    await jobs.store.sql.run(`UPDATE job SET updated_at = now() - interval '5 seconds'`);
  });
  afterEach(() => jobs.close());

  /** The tickets go without a trace: by a hand that took single ones away. */
  const lose = (): void => jobs.sink.tickets.clear();
  const empty = (): void => {
    lose();
    jobs.sink.life += ' and another';
  };

  it('is made at every tick where it takes no time', async () => {
    lookMs = 400;
    expect(await dispatcher.reconcile()).toBe(0);
    for (let tick = 1; tick < 4; tick++) {
      lose();
      now = tick * 10_000;
      expect(await dispatcher.reconcile()).toBe(3);
    }
  });

  it('rests twenty times as long as it took', async () => {
    lookMs = 3_000;
    await dispatcher.reconcile();
    lose();
    for (now = 10_000; now < 60_000; now += 10_000) expect(await dispatcher.reconcile()).toBe(0);
    expect(await dispatcher.reconcile()).toBe(3);
  });

  it('is made at once when the ticket store was emptied, whatever the last one took', async () => {
    lookMs = 3_600_000;
    await dispatcher.reconcile();
    now += 10_000;
    expect(await dispatcher.reconcile()).toBe(0);
    empty();
    expect(await dispatcher.reconcile()).toBe(3);
    lose();
    now += 10_000;
    expect(await dispatcher.reconcile()).toBe(0);
  });

  it('finds after a loss also what changed this very second', async () => {
    await dispatcher.reconcile();
    await jobs.store.sql.run('UPDATE job SET updated_at = now()');
    empty();
    expect(await dispatcher.reconcile()).toBe(3);
  });

  it('is made again at the next tick when it failed after a loss', async () => {
    lookMs = 3_600_000;
    await dispatcher.reconcile();
    empty();
    jobs.sink.away = true;
    await expect(dispatcher.reconcile()).rejects.toThrow('away');
    jobs.sink.away = false;
    expect(await dispatcher.reconcile()).toBe(3);
  });

  it('is made again at the next tick when the ticket store was emptied during it', async () => {
    const missing = jobs.sink.missing.bind(jobs.sink);
    jobs.sink.missing = async (queue, ids) => {
      const answer = await missing(queue, ids);
      jobs.sink.missing = missing;
      empty();
      return answer;
    };
    expect(await dispatcher.reconcile()).toBe(0);
    expect(await dispatcher.reconcile()).toBe(3);
  });

  it('is not made twice at once', async () => {
    lose();
    const both = await Promise.all([dispatcher.reconcile(), dispatcher.reconcile()]);
    expect(both).toEqual([3, 0]);
  });
});
