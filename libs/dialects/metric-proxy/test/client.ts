import { createConnection, type Socket } from 'node:net';
import { jobDesc } from '../../../../test/support/fake-node.js';

/** A program that counts as fast as its socket takes it. */
export class Counting {
  told = 0;
  private readonly socket: Socket;
  private readonly timer: NodeJS.Timeout;

  constructor(
    socketPath: string,
    readonly id: string,
  ) {
    this.socket = createConnection(socketPath);
    this.socket.on('error', () => this.stop());
    this.say({ JobDesc: jobDesc(id) });
    this.say({ Desc: { name: `${id}_total`, doc: '', ctype: { Counter: { value: 0 } } } });
    this.timer = setInterval(() => {
      this.told += 3;
      this.say({ Value: { name: `${id}_total`, value: { Counter: { value: 3 } } } });
    }, 10);
  }

  private say(message: object): void {
    this.socket.write(`${JSON.stringify(message)}\0`);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  close(): void {
    this.stop();
    this.socket.end();
  }
}

/** `{name: value}` of a JobProfile: counters as numbers, gauges as they are. */
export const countersOf = (profile: {
  counters: { name: string; ctype: { Counter?: { value: number }; Gauge?: object } }[];
}): Record<string, unknown> =>
  Object.fromEntries(
    profile.counters.map((counter) => [
      counter.name,
      counter.ctype.Counter ? counter.ctype.Counter.value : counter.ctype.Gauge,
    ]),
  );

export const level = (value: number): object => ({ min: value, max: value, hits: 1, total: value });
