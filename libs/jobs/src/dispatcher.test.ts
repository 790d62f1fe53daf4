import { beforeEach, describe, expect, it } from 'vitest';
import type { DispatchMark, Store } from '@drover/store';
import { Dispatcher } from './dispatcher.js';
import type { TicketSink } from './ports.js';

const mark = (queue: string, n: number): DispatchMark => ({
  ticket_id: `${queue}-${n}`,
  job_id: `${queue}-${n}`,
  queue,
  priority: 0,
  due_at: null,
});

/** A record that holds marks, and a ticket store that refuses some queues. */
class Stage {
  readonly added: string[] = [];
  readonly refused = new Set<string>();
  readonly marks = new Map<string, DispatchMark>();
  tries = 0;

  readonly dispatcher: Dispatcher;

  constructor() {
    const sql = {
      rows: (_text: string, [limit, , without]: [number, number, string[]]) =>
        Promise.resolve([...this.marks.values()].filter(({ queue }) => !without.includes(queue)).slice(0, limit)),
      run: (_text: string, [ids]: [string[]]) => {
        for (const id of ids) this.marks.delete(id);
        return Promise.resolve(ids.length);
      },
    };
    const add: TicketSink['add'] = (tickets) => {
      this.tries += 1;
      const refused = tickets.find(({ queue }) => this.refused.has(queue));
      if (refused) return Promise.reject(new Error(`permission denied for ${refused.queue}`));
      this.added.push(...tickets.map(({ ticket_id }) => ticket_id));
      return Promise.resolve();
    };
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    this.dispatcher = new Dispatcher({ sql, keyed: sql } as unknown as Store, { add } as unknown as TicketSink, log);
  }

  ring(...marks: DispatchMark[]): void {
    for (const one of marks) this.marks.set(one.ticket_id, one);
    this.dispatcher.ring(marks);
  }
}

describe('the dispatcher', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });

  it('sends the tickets of all queues but the one that fails, and says why that one does', async () => {
    stage.refused.add('bad');
    stage.ring(mark('bad', 1), mark('good', 1), mark('other', 1));
    stage.ring(mark('good', 2));
    await stage.dispatcher.settled();
    expect(stage.added.toSorted()).toEqual(['good-1', 'good-2', 'other-1']);
    expect([...stage.marks.keys()]).toEqual(['bad-1']);
    expect(stage.dispatcher.failureOf('bad')).toBe('permission denied for bad');
    expect(stage.dispatcher.failureOf('good')).toBeNull();
    stage.refused.clear();
    expect(await stage.dispatcher.drain(0)).toBe(1);
    expect(stage.dispatcher.failureOf('bad')).toBeNull();
  });

  it('drains what stands behind thousands of marks of a queue that fails', async () => {
    stage.refused.add('bad');
    for (let n = 0; n < 2_000; n++) stage.marks.set(`bad-${n}`, mark('bad', n));
    stage.marks.set('good-1', mark('good', 1));
    await expect(stage.dispatcher.drain(0)).rejects.toThrow('permission denied for bad');
    expect(stage.added).toEqual(['good-1']);
    expect(stage.marks.size).toBe(2_000);
  });

  it('sends a single ticket within a turn of the batches before it, whatever queues they name', async () => {
    for (let batch = 0; batch < 8; batch++)
      stage.ring(...Array.from({ length: 2_500 }, (_, n) => mark(`own-${batch}-${n}`, 1)));
    stage.ring(mark('default', 1));
    await stage.dispatcher.settled();
    expect(stage.added).toHaveLength(20_001);
    expect(stage.added.indexOf('default-1')).toBeLessThan(1_000);
  });

  it('leaves everything to the marks when the ticket store is away, after a few tries', async () => {
    for (let n = 0; n < 500; n++) stage.refused.add(`q${n}`);
    stage.ring(...Array.from({ length: 500 }, (_, n) => mark(`q${n}`, 1)));
    await stage.dispatcher.settled();
    expect(stage.tries).toBeLessThanOrEqual(100);
    expect(stage.marks.size).toBe(500);
    await expect(stage.dispatcher.drain(0)).rejects.toThrow('permission denied');
    expect(stage.tries).toBeLessThanOrEqual(110);
  });
});
