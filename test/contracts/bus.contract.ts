import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from '@drover/bus';
import { expectEventually } from '../support/expect-eventually.js';

/** The parts that a backend's test file brings to the contract. */
export interface BusBackend {
  /** A new process's bus; two of them hear each other. A local bus has but one. */
  open(onError?: (error: Error) => void): Promise<Bus>;
  /** Cuts every connection without a word; they can come back at once. Absent: there is none. */
  cut?(): Promise<void>;
  stop(): Promise<void>;
}

/** The promises of libs/bus, the same on every backend. */
export function busContract(name: string, start: () => Promise<BusBackend>, { shared = true } = {}): void {
  describe(`the bus on ${name}`, () => {
    let backend: BusBackend;
    let near: Bus;
    let far: Bus;
    let nth = 0;
    const wayOut: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      backend = await start();
      near = await backend.open();
      far = shared ? await backend.open() : near;
    });
    afterAll(async () => {
      await Promise.all([near?.close(), far?.close()]);
      await backend?.stop();
    });
    afterEach(async () => void (await Promise.all(wayOut.splice(0).map((leave) => leave()))));

    const topic = (): string => `job.${++nth}.log`;
    const listen = async (bus: Bus, to: string): Promise<string[]> => {
      const heard: string[] = [];
      wayOut.push(await bus.subscribe(to, (payload) => heard.push(payload)));
      return heard;
    };

    it('rings once at each who listens, here and in another process, and at nobody else', async () => {
      const [mine, other] = [topic(), topic()];
      const heard = await Promise.all([listen(near, mine), listen(far, mine), listen(far, mine), listen(far, other)]);
      near.publish(mine, 'five');
      near.publish(other, 'end');
      await expectEventually(() => expect(heard).toEqual([['five'], ['five'], ['five'], ['end']]));
    });

    it('gives an empty payload where none was given, and any text unharmed', async () => {
      const mine = topic();
      const heard = await listen(far, mine);
      near.publish(mine);
      near.publish(mine, 'line 1\nline 2 "ä" \\ \u2028 日本');
      await expectEventually(() => expect(heard.toSorted()).toEqual(['', 'line 1\nline 2 "ä" \\ \u2028 日本']));
    });

    it('rings once for the same payload many times over, and for each of several payloads', async () => {
      const mine = topic();
      const heard = await listen(far, mine);
      for (let i = 0; i < 1000; i++) near.publish(mine, i % 2 === 0 ? 'even' : 'odd');
      await expectEventually(() => expect(heard.toSorted()).toEqual(['even', 'odd']));
      near.publish(mine, 'last');
      await expectEventually(() => expect(heard).toContain('last'));
      expect(heard.toSorted()).toEqual(['even', 'last', 'odd']);
    });

    it('rings for every topic with a prefix, special characters or not', async () => {
      const base = `queue[${++nth}].*?\\`;
      const heard: [string, string][] = [];
      wayOut.push(await far.subscribePrefix(`${base}.`, (to, payload) => heard.push([to, payload])));
      const exact = await listen(far, `${base}.a`);
      near.publish(`${base}.a`, '1');
      near.publish(`${base}.b:c`, '2');
      near.publish(`queue[${nth}]xyz.a`, '3');
      near.publish(`${base}.end`, '4');
      await expectEventually(() => expect(heard.length).toBe(3));
      // A cluster keeps no order: different topics are sent by different nodes.
      expect(heard.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
        [`${base}.a`, '1'],
        [`${base}.b:c`, '2'],
        [`${base}.end`, '4'],
      ]);
      expect(exact).toEqual(['1']);
    });

    it('hears everything with the empty prefix, and nothing that is not a topic', async () => {
      const heard: string[] = [];
      wayOut.push(await far.subscribePrefix('', (to) => heard.push(to)));
      const mine = topic();
      // Longer than the rhythm of whatever keeps the connection alive.
      await new Promise((resolve) => setTimeout(resolve, 3500));
      near.publish(mine);
      await expectEventually(() => expect(heard).toEqual([mine]));
    });

    it('stays silent after leaving, while another listener of the same topic goes on hearing', async () => {
      const mine = topic();
      const staying = await listen(far, mine);
      const left: string[] = [];
      const leave = await far.subscribe(mine, (payload) => left.push(payload));
      near.publish(mine, 'one');
      await expectEventually(() => expect(left).toEqual(['one']));
      await leave();
      await leave();
      near.publish(mine, 'two');
      await expectEventually(() => expect(staying).toEqual(['one', 'two']));
      expect(left).toEqual(['one']);
    });

    it('goes on ringing at the others when one listener throws', async () => {
      const mine = topic();
      wayOut.push(
        await far.subscribe(mine, () => {
          throw new Error('a broken listener');
        }),
      );
      const heard = await listen(far, mine);
      near.publish(mine, 'x');
      await expectEventually(() => expect(heard).toEqual(['x']));
    });

    it('carries ten thousand doorbells of a burst', async () => {
      const base = `burst${++nth}.`;
      let heard = 0;
      wayOut.push(await far.subscribePrefix(base, () => void (heard += 1)));
      for (let i = 0; i < 10_000; i++) near.publish(`${base}${i}`, String(i));
      await expectEventually(() => expect(heard).toBe(10_000));
    });

    it('rings within 50 ms', async () => {
      const mine = topic();
      let heardAt = 0;
      wayOut.push(await far.subscribe(mine, () => void (heardAt = performance.now())));
      const times: number[] = [];
      for (let i = 0; i < 20; i++) {
        heardAt = 0;
        const rung = performance.now();
        near.publish(mine, String(i));
        await expectEventually(() => expect(heardAt).toBeGreaterThan(0), { everyMs: 1 });
        times.push(heardAt - rung);
      }
      expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(50);
    });

    it('does not throw for a payload that is far too long', async () => {
      const mine = topic();
      const heard = await listen(near, mine);
      near.publish(mine, 'x'.repeat(100_000));
      near.publish(mine, 'short');
      await expectEventually(() => expect(heard.at(-1)).toBe('short'));
    });

    it.runIf(shared)('hears again, without being asked to, after every connection was cut', async () => {
      const errors: Error[] = [];
      const watched = await backend.open((error) => errors.push(error));
      const mine = topic();
      const base = `cut${nth}.`;
      const heard = await listen(watched, mine);
      const prefixed: string[] = [];
      await watched.subscribePrefix(base, (to) => prefixed.push(to));
      await backend.cut!();
      let i = 0;
      await expectEventually(
        () => {
          near.publish(mine, String(i++));
          near.publish(`${base}${i}`);
          expect(heard.length).toBeGreaterThan(0);
          expect(prefixed.length).toBeGreaterThan(0);
        },
        { withinMs: 15_000 },
      );
      await expectEventually(() => watched.ping());
      await watched.close();
    });

    it('answers a ping, and takes everything in silence after its close', async () => {
      const own = await backend.open();
      await own.ping();
      await own.close();
      own.publish('x', 'y');
      await own.close();
    });
  });
}
