import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTicketQueue, createTicketSource, type TicketQueue, type TicketSource } from '@drover/queue';
import { expectEventually } from '../support/expect-eventually.js';
import { Consumer, finish, idsOf, keep, ticket, tickets, type Backend } from './queue.contract.consumer.js';
import { killedConsumer } from './queue.contract.victim.js';

/** The promises of libs/queue's tickets, the same on every backend. */
export function ticketContract(name: string, start: () => Promise<Backend>): void {
  describe(`tickets on ${name}`, () => {
    let backend: Backend;
    let queue: TicketQueue;
    let line: string;
    let sources: TicketSource[] = [];

    beforeAll(async () => {
      backend = await start();
      queue = await createTicketQueue(backend.options);
    });
    afterAll(async () => {
      await queue?.close();
      await backend?.stop();
    });
    afterEach(async () => {
      await Promise.all(sources.map((source) => source.close(3000)));
      sources = [];
    });

    const consume = async (queues: string[], slots: number, act = finish, clock = Date.now): Promise<Consumer> => {
      const source = await createTicketSource({ ...(backend.worker ?? backend.options), clock });
      sources.push(source);
      await source.serve(queues);
      return new Consumer(source, slots, act).start();
    };
    const fresh = (): string => (line = `line ${randomUUID()}`);

    it('hands out the highest priority first and, within one, in the order they came', async () => {
      fresh();
      const low = tickets(3, line, -5);
      const none = tickets(3, line);
      const high = tickets(3, line, 7);
      const extreme = [ticket(line, 2_000_000_000), ticket(line, -2_000_000_000)];
      await queue.add([...low, ...none, ...high, ...extreme]);
      const consumer = await consume([line], 1);
      await expectEventually(() => expect(consumer.got.length).toBe(11));
      expect(consumer.ids).toEqual(idsOf([extreme[0]!, ...high, ...none, ...low, extreme[1]!]));
      expect(consumer.got.map((t) => t.job_id)[0]).toBe(extreme[0]!.job_id);
      expect(consumer.got[0]!.queue).toBe(line);
    });

    it('is due by the time its consumer is told, not by the clock of the machine it runs on', async () => {
      fresh();
      const inAnHour = ticket(line, 0, new Date(Date.now() + 3_600_000));
      await queue.add([inAnHour]);
      const right = await consume([line], 1, keep);
      const told = await consume([line], 4, finish, () => Date.now() + 3_601_000);
      await expectEventually(() => expect(told.ids).toEqual([inAnHour.ticket_id]));
      expect(right.ids).toEqual([]);
      // Given back, it is due by the same time again, for everybody.
      fresh();
      const again = ticket(line);
      await queue.add([again]);
      let gaveBack = 0;
      const behind = (): number => Date.now() - 3_600_000;
      const once = await consume(
        [line],
        1,
        async (held, consumer) => {
          if (gaveBack === 0) await held.giveBack(500);
          else await held.done();
          gaveBack = Date.now();
          consumer.free();
        },
        behind,
      );
      await expectEventually(() => expect(once.ids).toEqual([again.ticket_id, again.ticket_id]));
    });

    it('is due when its producer says so, whatever the clock of its consumer says', async () => {
      fresh();
      const due = ticket(line, 0, new Date(Date.now() + 700));
      const waiting = ticket(line);
      await queue.add([due, waiting]);
      const behind = await consume([line], 4, finish, () => Date.now() - 3_600_000);
      await expectEventually(() => expect(behind.ids).toEqual([waiting.ticket_id]));
      await expectEventually(() => expect(Date.now()).toBeGreaterThan((due.due_at as Date).getTime() + 500));
      expect(behind.ids).toEqual([waiting.ticket_id]);
      // Also of one that is gone, and of one that nobody knows.
      await queue.promote(line, [due.ticket_id, waiting.ticket_id, 'nobody-1']);
      await expectEventually(() => expect(behind.ids).toEqual([waiting.ticket_id, due.ticket_id]));
    });

    it('hands out a delayed ticket when it is due, not before and not a second later', async () => {
      fresh();
      const consumer = await consume([line], 4);
      const due = new Date(Date.now() + 1500);
      const late = ticket(line, 0, due);
      await queue.add([late]);
      expect((await queue.counts([line])).get(line)).toMatchObject({ waiting: 0, delayed: 1 });
      await expectEventually(() => expect(consumer.ids).toEqual([late.ticket_id]), { everyMs: 5 });
      expect(Date.now()).toBeGreaterThanOrEqual(due.getTime());
      expect(Date.now()).toBeLessThan(due.getTime() + 500);
    });

    it('takes a ticket that is due already as one for now', async () => {
      fresh();
      const past = ticket(line, 0, new Date(Date.now() - 60_000));
      await queue.add([past]);
      const consumer = await consume([line], 1);
      await expectEventually(() => expect(consumer.ids).toEqual([past.ticket_id]));
    });

    it('keeps one ticket of two with the same id', async () => {
      fresh();
      const one = ticket(line);
      await queue.add([one, one]);
      await queue.add([one]);
      expect((await queue.counts([line])).get(line)?.waiting).toBe(1);
      const consumer = await consume([line], 4);
      const last = ticket(line, -1);
      await queue.add([last]);
      await expectEventually(() => expect(consumer.ids).toContain(last.ticket_id));
      expect(consumer.ids).toEqual([one.ticket_id, last.ticket_id]);
    });

    it('takes a ticket again once it was done', async () => {
      fresh();
      const again = ticket(line);
      await queue.add([again]);
      const consumer = await consume([line], 4);
      await expectEventually(async () =>
        expect(await queue.missing(line, [again.ticket_id])).toEqual([again.ticket_id]),
      );
      await queue.add([again]);
      await expectEventually(() => expect(consumer.ids).toEqual([again.ticket_id, again.ticket_id]));
    });

    it('never hands out a removed ticket', async () => {
      fresh();
      const list = tickets(20, line);
      const later = ticket(line, 0, new Date(Date.now() + 300));
      await queue.add([...list, later]);
      await queue.remove(line, [...idsOf(list.filter((_, i) => i % 2 === 0)), later.ticket_id, 'never-there-1']);
      const consumer = await consume([line], 4);
      const last = ticket(line, -1, new Date(Date.now() + 700));
      await queue.add([last]);
      await expectEventually(() => expect(consumer.ids).toContain(last.ticket_id));
      expect(consumer.ids.toSorted()).toEqual(idsOf([...list.filter((_, i) => i % 2 === 1), last]).toSorted());
    });

    it('hands out nothing of a paused queue, and everything after the resume', async () => {
      const open = fresh();
      const paused = fresh();
      await queue.pause(paused);
      const list = tickets(5, paused);
      const consumer = await consume([paused, open], 10);
      await queue.add(list);
      const witness = ticket(open);
      await queue.add([witness]);
      await expectEventually(() => expect(consumer.ids).toEqual([witness.ticket_id]));
      expect((await queue.counts([paused])).get(paused)).toEqual({ waiting: 5, delayed: 0, active: 0, paused: true });
      const resumed = Date.now();
      await queue.resume(paused);
      await expectEventually(() => expect(consumer.got.length).toBe(6), { everyMs: 5 });
      expect(Date.now() - resumed).toBeLessThan(1000);
      expect((await queue.counts([paused])).get(paused)?.paused).toBe(false);
    });

    it('hands out again what was given back, in front of its own priority', async () => {
      fresh();
      const [first, second] = [ticket(line, 5), ticket(line, 5)];
      await queue.add([first, second, ticket(line, 4)]);
      let turns = 0;
      const consumer = await consume([line], 1, async (held, self) => {
        if (turns++ === 0) await held.giveBack();
        else await held.done();
        self.free();
      });
      await expectEventually(() => expect(consumer.got.length).toBe(4));
      expect(consumer.ids.slice(0, 3)).toEqual([first.ticket_id, first.ticket_id, second.ticket_id]);
    });

    it('hands out what was given back with a delay after the delay, and keeps its priority', async () => {
      fresh();
      const high = ticket(line, 9);
      await queue.add([high]);
      let givenBack = 0;
      const consumer = await consume([line], 1, async (held, self) => {
        if (!givenBack) {
          givenBack = Date.now();
          await held.giveBack(800);
        } else {
          await held.done();
        }
        self.free();
      });
      await expectEventually(() => expect(consumer.got.length).toBe(1));
      await queue.pause(line);
      await queue.add(tickets(3, line));
      await expectEventually(() => expect(Date.now()).toBeGreaterThan(givenBack + 900));
      await queue.resume(line);
      await expectEventually(() => expect(consumer.got.length).toBe(5));
      expect(consumer.ids[1]).toBe(high.ticket_id);
    });

    it('gives each ticket to one of two consumers', async () => {
      fresh();
      const list = tickets(300, line);
      const [a, b] = await Promise.all([consume([line], 3), consume([line], 3)]);
      await queue.add(list);
      await expectEventually(() => expect(a.got.length + b.got.length).toBeGreaterThanOrEqual(300), {
        withinMs: 20_000,
      });
      expect([...a.ids, ...b.ids].toSorted()).toEqual(idsOf(list).toSorted());
      expect(Math.min(a.got.length, b.got.length)).toBeGreaterThan(30);
    });

    it('never holds more tickets than it has slots over three queues, serves all three, and starves none', async () => {
      const lines = [fresh(), fresh(), fresh()];
      for (const name of lines) await queue.add(tickets(40, name));
      const consumer = await consume(lines, 4, async (held, self) => {
        await held.done();
        await new Promise((resolve) => setTimeout(resolve, 5));
        self.free();
      });
      await expectEventually(() => expect(consumer.got.length).toBe(120), { withinMs: 30_000 });
      expect(consumer.most).toBe(4);
      const half = consumer.got.slice(0, 60);
      for (const name of lines) expect(half.filter((t) => t.queue === name).length).toBeGreaterThan(8);
    });

    it('leaves a ticket to others while its own slots are full', async () => {
      fresh();
      const full = await consume([line], 1, keep);
      const first = ticket(line);
      await queue.add([first]);
      await expectEventually(() => expect(full.got.length).toBe(1));
      const second = ticket(line);
      await queue.add([second]);
      const other = await consume([line], 1);
      await expectEventually(() => expect(other.ids).toEqual([second.ticket_id]), { withinMs: 3000 });
      expect(full.most).toBe(1);
    });

    it('passes a ticket on within half a second when whoever heard of it has no slot left', async () => {
      const [mine, shared] = [fresh(), fresh()];
      const full = await consume([mine, shared], 1, keep);
      const other = await consume([shared], 1);
      await queue.add([ticket(mine)]);
      await expectEventually(() => expect(full.got.length).toBe(1));
      for (let round = 1; round <= 5; round++) {
        const added = Date.now();
        await queue.add([ticket(shared)]);
        await expectEventually(() => expect(other.got.length).toBe(round), { everyMs: 2 });
        expect(Date.now() - added).toBeLessThan(500);
      }
    });

    it('hands out again what a killed consumer had in hand, within 12 s', async () => {
      fresh();
      const list = tickets(2, line);
      const killed = await killedConsumer(backend.worker ?? backend.options, line, 2, () => queue.add(list));
      const consumer = await consume([line], 4);
      await expectEventually(() => expect(consumer.ids.toSorted()).toEqual(idsOf(list).toSorted()), {
        withinMs: 12_000,
      });
      expect(killed.held.toSorted()).toEqual(idsOf(list).toSorted());
    }, 40_000);

    it('keeps a ticket that is held for longer than its lock with who holds it', async () => {
      fresh();
      const slow = ticket(line);
      const holder = await consume([line], 1, async (held, self) => {
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        await finish(held, self);
      });
      await queue.add([slow]);
      await expectEventually(() => expect(holder.got.length).toBe(1));
      const other = await consume([line], 1);
      await expectEventually(
        async () => expect(await queue.missing(line, [slow.ticket_id])).toEqual([slow.ticket_id]),
        { withinMs: 14_000 },
      );
      expect([...holder.ids, ...other.ids]).toEqual([slow.ticket_id]);
    }, 40_000);

    it('fetches nothing between pause and resume, and ends its wait at once', async () => {
      fresh();
      const consumer = await consume([line], 4);
      const before = Date.now();
      await consumer.source.pause();
      expect(Date.now() - before).toBeLessThan(500);
      const list = tickets(3, line);
      await queue.add(list);
      const other = await consume([line], 4);
      await expectEventually(() => expect(other.ids).toEqual(idsOf(list)));
      expect(consumer.got).toEqual([]);
      await other.source.close(2000);
      consumer.source.resume();
      const last = ticket(line);
      await queue.add([last]);
      await expectEventually(() => expect(consumer.ids).toEqual([last.ticket_id]), { withinMs: 3000 });
    });

    it('gives back what is in hand when it closes, within its deadline', async () => {
      fresh();
      const list = tickets(3, line);
      await queue.add(list);
      const consumer = await consume([line], 3, keep);
      await expectEventually(() => expect(consumer.got.length).toBe(3));
      const before = Date.now();
      await consumer.source.close(2000);
      expect(Date.now() - before).toBeLessThan(2000);
      const other = await consume([line], 3);
      await expectEventually(() => expect(other.ids.toSorted()).toEqual(idsOf(list).toSorted()), { withinMs: 3000 });
    });

    it('serves other queues when told to', async () => {
      const [before, after] = [fresh(), fresh()];
      const consumer = await consume([before], 4);
      await consumer.source.serve([after]);
      await queue.add([ticket(before)]);
      const wanted = ticket(after);
      await queue.add([wanted]);
      await expectEventually(() => expect(consumer.ids).toEqual([wanted.ticket_id]), { withinMs: 3000 });
    });

    it('hears of a ticket in an idle minute as fast as in a busy one', async () => {
      fresh();
      const consumer = await consume([line], 4);
      const latencies: number[] = [];
      for (let i = 1; i <= 7; i++) {
        // Every wait under way has timed out at least once in between.
        await new Promise((resolve) => setTimeout(resolve, i % 3 === 0 ? 2300 : 150));
        const added = performance.now();
        await queue.add([ticket(line)]);
        await expectEventually(() => expect(consumer.got.length).toBe(i), { everyMs: 1 });
        latencies.push(performance.now() - added);
      }
      expect(Math.max(...latencies)).toBeLessThan(500);
    }, 40_000);

    it('keeps names that only differ in punctuation apart, whatever is in them', async () => {
      const names = ['a:b', 'a%3Ab', 'a b', 'ä/{b}', "it's!(*)", 'internal', '日本語'].map(
        (n) => `${n} ${randomUUID()}`,
      );
      for (const name of names) await queue.add([ticket(name)]);
      const counts = await queue.counts(names);
      expect(names.map((name) => counts.get(name)?.waiting)).toEqual(names.map(() => 1));
    });

    it('finds exactly the tickets that are missing', async () => {
      fresh();
      const [waiting, delayed, gone] = [
        tickets(3, line),
        [ticket(line, 0, new Date(Date.now() + 60_000))],
        tickets(3, line),
      ];
      await queue.add([...waiting, ...delayed, ...gone]);
      await queue.remove(line, idsOf(gone));
      expect(await queue.missing(line, idsOf([...waiting, ...delayed, ...gone]))).toEqual(idsOf(gone));
      const held = await consume([line], 1, keep);
      await expectEventually(() => expect(held.got.length).toBe(1));
      expect(await queue.missing(line, held.ids)).toEqual([]);
    });

    it('goes on by itself after the store has lost everything, and says what is missing', async () => {
      fresh();
      const consumer = await consume([line], 4);
      const lost = [...tickets(1200, line), ticket(line, 0, new Date(Date.now() + 60_000))];
      await queue.pause(line);
      await queue.add(lost);
      await backend.wipe();
      expect((await queue.missing(line, idsOf(lost))).length).toBe(1201);
      // The pause is gone with the rest: whoever repairs the tickets pauses again, too.
      expect((await queue.counts([line])).get(line)).toEqual({ waiting: 0, delayed: 0, active: 0, paused: false });
      await queue.add(lost);
      await expectEventually(() => expect(new Set(consumer.ids).size).toBe(1200), { withinMs: 20_000 });
    });

    it('is the same incarnation to everybody while nothing is lost, and another one after everything was', async () => {
      fresh();
      const other = await createTicketQueue(backend.options);
      const first = await queue.incarnation();
      await queue.add(tickets(3, line));
      const consumer = await consume([line], 4);
      await expectEventually(() => expect(consumer.got.length).toBe(3));
      expect([await queue.incarnation(), await other.incarnation()]).toEqual([first, first]);
      await other.close();
      await backend.wipe();
      const second = await queue.incarnation();
      expect(second).not.toBe(first);
      expect(await queue.incarnation()).toBe(second);
      if (!backend.restart) return;
      await backend.restart();
      await expectEventually(async () => expect(await queue.incarnation()).not.toBe(second), { withinMs: 20_000 });
    });

    it('answers a ping, and refuses everything after its close', async () => {
      const other = await createTicketQueue(backend.options);
      await other.ping();
      await other.close();
      await expect(other.add([ticket('x')])).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
