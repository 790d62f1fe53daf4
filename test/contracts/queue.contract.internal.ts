import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { createInternalJobs, type InternalHandler, type InternalJobs, type InternalRun } from '@drover/queue';
import { expectEventually } from '../support/expect-eventually.js';
import type { Backend } from './queue.contract.consumer.js';

type Run = { data: unknown; run: InternalRun; at: number; by: number };

/** The promises of libs/queue's internal jobs, the same on every backend. */
export function internalContract(name: string, start: () => Promise<Backend>): void {
  describe(`internal jobs on ${name}`, () => {
    let backend: Backend;
    let opened: InternalJobs[] = [];
    const told: Error[] = [];

    beforeAll(async () => {
      backend = await start();
    });
    afterAll(() => backend?.stop());
    afterEach(async () => {
      await Promise.all(opened.map((jobs) => jobs.close()));
      opened = [];
      told.length = 0;
      await backend.wipe();
    });

    const open = async (): Promise<InternalJobs> => {
      const jobs = await createInternalJobs({ ...backend.options, onError: (error) => told.push(error) });
      opened.push(jobs);
      return jobs;
    };
    /** So many replicas, all with the same handler; what they ran. */
    const replicas = async (
      count: number,
      kind: string,
      handler: InternalHandler = async () => undefined,
    ): Promise<{ jobs: InternalJobs[]; runs: Run[] }> => {
      const runs: Run[] = [];
      const jobs = await Promise.all(Array.from({ length: count }, open));
      jobs.forEach((own, by) =>
        own.handle({
          [kind]: async (data, run) => {
            runs.push({ data, run, at: Date.now(), by });
            await handler(data, run);
          },
        }),
      );
      return { jobs, runs };
    };

    it('runs one tick once, with three replicas that all ask for it', async () => {
      const { jobs, runs } = await replicas(3, 'sweep');
      for (const own of jobs) await own.every('sweep', 300, { of: 'three' });
      await expectEventually(() => expect(runs.length).toBeGreaterThan(8), { withinMs: 15_000 });
      expect(new Set(runs.map((r) => r.run.id)).size).toBe(runs.length);
      const due = runs.map((r) => r.run.due_at.getTime());
      expect(new Set(due).size).toBe(due.length);
      // Ticks are 300 ms apart, whoever runs them.
      expect(due.at(-1)! - due[1]!).toBeGreaterThanOrEqual(300 * (due.length - 2) - 20);
      expect(runs.every((r) => (r.data as { of: string }).of === 'three' && r.run.attempt === 1)).toBe(true);
    });

    it('goes on ticking when a replica closes, and when a tick fails', async () => {
      const { jobs, runs } = await replicas(2, 'tick', async () => {
        throw new Error('a bad day');
      });
      await jobs[0]!.every('tick', 200);
      await expectEventually(() => expect(runs.length).toBeGreaterThan(2));
      await jobs[0]!.close();
      const before = runs.length;
      await expectEventually(() => expect(runs.length).toBeGreaterThan(before + 3));
      await expectEventually(() => expect(told.some((error) => /tick.*a bad day/.test(error.message))).toBe(true));
    });

    it('skips ticks instead of running one beside itself', async () => {
      let now = 0;
      let most = 0;
      const { jobs, runs } = await replicas(1, 'slow', async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 700));
        now -= 1;
      });
      await jobs[0]!.every('slow', 100);
      await expectEventually(() => expect(runs.length).toBeGreaterThan(2));
      expect(most).toBe(1);
    });

    it('takes the new interval of a tick that is asked for again', async () => {
      const { jobs, runs } = await replicas(1, 'often');
      await jobs[0]!.every('often', 3_600_000);
      await expectEventually(() => expect(runs.length).toBe(1));
      await jobs[0]!.every('often', 200);
      await expectEventually(() => expect(runs.length).toBeGreaterThan(3));
    });

    it('runs a cron pattern with seconds on the second, once, with its data', async () => {
      const { jobs, runs } = await replicas(3, 'minute');
      await jobs[0]!.cron('a:b/c', '* * * * * *', 'Europe/Berlin', 'minute', { job: 7 });
      await expectEventually(() => expect(runs.length).toBe(3), { withinMs: 10_000, everyMs: 5 });
      for (const { run, at, data } of runs) {
        expect(run.due_at.getTime() % 1000).toBe(0);
        expect(at).toBeGreaterThanOrEqual(run.due_at.getTime());
        expect(at - run.due_at.getTime()).toBeLessThan(900);
        expect(data).toEqual({ job: 7 });
      }
      expect(await jobs[1]!.crons()).toEqual(['a:b/c']);
      await jobs[1]!.removeCron('a:b/c');
      expect(await jobs[0]!.crons()).toEqual([]);
    });

    it('reads a cron pattern in its own time zone, and keeps ticks out of the list of crons', async () => {
      const jobs = await open();
      const runs: Run[] = [];
      const zone = (timezone: string): number =>
        Number(
          new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: timezone }).format(
            new Date(Date.now() + 1500),
          ),
        );
      // The hour that it is in Tokyo is another one in Los Angeles: one of the two fires each second.
      await jobs.cron('here', `* * ${zone('Asia/Tokyo')} * * *`, 'Asia/Tokyo', 'zoned', { zone: 'Tokyo' });
      await jobs.cron('there', `* * ${zone('Asia/Tokyo')} * * *`, 'America/Los_Angeles', 'zoned', {
        zone: 'Los Angeles',
      });
      await jobs.every('other', 60_000);
      jobs.handle({
        zoned: async (data, run) => void runs.push({ data, run, at: Date.now(), by: 0 }),
        other: async () => undefined,
      });
      await expectEventually(() => expect(runs.length).toBeGreaterThanOrEqual(2));
      expect(new Set(runs.map((r) => (r.data as { zone: string }).zone))).toEqual(new Set(['Tokyo']));
      expect((await jobs.crons()).toSorted()).toEqual(['here', 'there']);
    });

    it('refuses a cron pattern that is none', async () => {
      const jobs = await open();
      await expect(jobs.cron('x', 'every full moon', 'UTC', 'x', {})).rejects.toMatchObject({ code: 'invalid' });
      await expect(jobs.cron('x', '* * * * *', 'Mars/Olympus', 'x', {})).rejects.toMatchObject({ code: 'invalid' });
      expect(await jobs.crons()).toEqual([]);
    });

    it('runs a one-off job once, when its delay is over, with one of three replicas', async () => {
      const { jobs, runs } = await replicas(3, 'mail');
      const began = Date.now();
      await jobs[0]!.add('mail', { to: 'a' }, { delayMs: 1500 });
      await jobs[1]!.add('mail', { to: 'b' });
      await expectEventually(() => expect(runs.length).toBe(2), { everyMs: 5 });
      expect(runs.map((r) => (r.data as { to: string }).to)).toEqual(['b', 'a']);
      expect(runs[1]!.at - began).toBeGreaterThanOrEqual(1490);
      expect(Math.abs(runs[1]!.run.due_at.getTime() - began - 1500)).toBeLessThan(1000);
    });

    it('keeps one of two jobs with the same id, any id, and forgets a removed one', async () => {
      const { jobs, runs } = await replicas(1, 'once');
      const id = `job:7/${randomUUID()}`;
      await jobs[0]!.add('once', { n: 1 }, { id, delayMs: 400 });
      await jobs[0]!.add('once', { n: 2 }, { id });
      await jobs[0]!.add('once', { n: 3 }, { id: '42', delayMs: 300 });
      await jobs[0]!.remove('42');
      await jobs[0]!.remove('never');
      await jobs[0]!.add('once', { n: 4 }, { delayMs: 600 });
      await expectEventually(() => expect(runs.length).toBe(2));
      expect(runs.map((r) => (r.data as { n: number }).n)).toEqual([1, 4]);
      await jobs[0]!.add('once', { n: 5 }, { id });
      await expectEventually(() => expect(runs.length).toBe(3));
    });

    it('tries again with the back-off until it succeeds, and tells of a job that never does', async () => {
      const { jobs, runs } = await replicas(2, 'hook', async (data: { failures: number }, run) => {
        if (run.attempt <= data.failures) throw new Error(`no answer ${run.attempt}`);
      });
      await jobs[0]!.add(
        'hook',
        { failures: 2 },
        { id: 'good', attempts: 5, backoff: { type: 'exponential', delayMs: 150 } },
      );
      await expectEventually(() => expect(runs.length).toBe(3));
      expect(runs.map((r) => r.run.attempt)).toEqual([1, 2, 3]);
      expect(new Set(runs.map((r) => r.run.id)).size).toBe(1);
      expect(runs[1]!.at - runs[0]!.at).toBeGreaterThanOrEqual(140);
      expect(runs[2]!.at - runs[1]!.at).toBeGreaterThanOrEqual(280);
      expect(told).toEqual([]);
      await jobs[0]!.add('hook', { failures: 9 }, { attempts: 2, backoff: { type: 'fixed', delayMs: 50 } });
      await expectEventually(() =>
        expect(told.map((error) => error.message)).toEqual([expect.stringMatching(/hook failed: no answer 2/)]),
      );
    });

    it('tells of a job nobody knows how to do', async () => {
      const { jobs } = await replicas(1, 'known');
      await jobs[0]!.add('unknown', {});
      await expectEventually(() =>
        expect(told.map((error) => error.message)).toEqual([expect.stringMatching(/no handler.*unknown/)]),
      );
    });

    it('ends ticks that nobody knows any more, and takes them up again for whoever asks', async () => {
      const before = await open();
      await before.every('of another version', 100);
      await before.close();
      const newer = await replicas(1, 'known');
      await newer.jobs[0]!.every('known', 500);
      await expectEventually(() => expect(newer.runs.length).toBeGreaterThan(3), { withinMs: 15_000 });
      await newer.jobs[0]!.close();
      const runs: string[] = [];
      const both = await open();
      both.handle({
        known: async () => void runs.push('known'),
        'of another version': async () => void runs.push('of another version'),
      });
      await expectEventually(() => expect(runs.length).toBeGreaterThan(2), { withinMs: 15_000 });
      expect(new Set(runs)).toEqual(new Set(['known']));
      await both.every('of another version', 100);
      await expectEventually(() => expect(runs).toContain('of another version'), { withinMs: 15_000 });
      expect(told).toEqual([]);
    });

    it('ticks again by itself after the store has lost everything', async () => {
      const { jobs, runs } = await replicas(2, 'heart');
      await jobs[0]!.every('heart', 250);
      await expectEventually(() => expect(runs.length).toBeGreaterThan(1));
      await backend.wipe();
      const before = runs.length;
      await expectEventually(() => expect(runs.length).toBeGreaterThan(before + 4), { withinMs: 15_000 });
    });

    it('leaves a job that was cut off by a close to another replica, with all its attempts', async () => {
      const { jobs, runs } = await replicas(
        1,
        'long',
        (_data, run) =>
          new Promise((_, reject) => run.signal?.addEventListener('abort', () => reject(new Error('cut off')))),
      );
      await jobs[0]!.add('long', { n: 1 });
      await expectEventually(() => expect(runs.length).toBe(1));
      await jobs[0]!.close();
      expect(told).toEqual([]);
      const next = await replicas(1, 'long');
      await expectEventually(() => expect(next.runs.length).toBe(1));
      expect(next.runs[0]!.run).toMatchObject({ id: runs[0]!.run.id, attempt: 1 });
    });

    it('aborts the signal of what runs when it closes, and closes within six seconds anyway', async () => {
      let aborted = false;
      const { jobs, runs } = await replicas(1, 'stubborn', async (_data, run) => {
        run.signal?.addEventListener('abort', () => (aborted = true));
        await new Promise((resolve) => setTimeout(resolve, 15_000).unref());
      });
      await jobs[0]!.add('stubborn', {});
      await expectEventually(() => expect(runs.length).toBe(1));
      const began = Date.now();
      await jobs[0]!.close();
      expect(aborted).toBe(true);
      expect(Date.now() - began).toBeLessThan(6500);
    });
  });
}
