import { isReservedEntry, type JobDesc } from '@drover/domain';
import type { Ledger } from './ledger.js';
import type { Ledgers } from './ledgers.js';

const object = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
const text = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, 100_000).toWellFormed().replaceAll('\u0000', '') : '';
/** The bytes of a job's name that the API takes. One that is longer is cut, between characters. */
const NAME_BYTES = 1_000;
const nameOf = (name: string): string =>
  Buffer.byteLength(name) <= NAME_BYTES
    ? name
    : Buffer.from(name)
        .subarray(0, NAME_BYTES)
        .toString()
        .replace(/\ufffd+$/, '');
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/**
 * One program on the socket: JobDesc, then Desc per metric, then Values. What breaks that order ends the connection:
 * `message` throws.
 */
export class ClientSession {
  private ledger: Ledger | null = null;

  constructor(private readonly ledgers: Ledgers) {}

  /** Says that the connection is over; its job is released. */
  close(): void {
    if (!this.ledger) return;
    this.ledger.clients -= 1;
    this.ledger.dirty = true;
    this.ledger = null;
  }

  message(line: string): void {
    const message = object(JSON.parse(line));
    const desc = object(message?.['Desc']);
    const value = object(message?.['Value']);
    const job = object(message?.['JobDesc']);
    if (job) this.open(job);
    else if (desc) this.declare(desc);
    else if (value) this.value(value);
    else throw new Error('the message is none of JobDesc, Desc, Value');
  }

  private open(told: Record<string, unknown>): void {
    if (this.ledger) throw new Error('the job is described twice');
    const jobid = nameOf(text(told['jobid']));
    if (isReservedEntry(jobid)) throw new Error(`${jobid} is no job`);
    const ledger = this.ledgers.of(jobid);
    if (!ledger) throw new Error('there are too many jobs');
    const desc: JobDesc = {
      jobid,
      command: text(told['command']),
      size: Math.trunc(number(told['size'])),
      nodelist: text(told['nodelist']),
      partition: text(told['partition']),
      cluster: text(told['cluster']),
      run_dir: text(told['run_dir']),
      start_time: Math.max(0, Math.floor(number(told['start_time']))),
      end_time: 0,
    };
    const first = ledger.description;
    if (!first) ledger.description = desc;
    else if (desc.start_time > 0 && desc.start_time < first.start_time)
      ledger.description = { ...first, start_time: desc.start_time };
    ledger.clients += 1;
    ledger.dirty = true;
    this.ledger = ledger;
  }

  private declare(desc: Record<string, unknown>): void {
    const ctype = object(desc['ctype']);
    const type = ctype && 'Counter' in ctype ? 'counter' : ctype && 'Gauge' in ctype ? 'gauge' : null;
    if (!this.ledger || type === null || typeof desc['name'] !== 'string')
      throw new Error('a metric is described wrongly');
    // A series that is refused (too many, other type) costs only itself.
    this.ledger.declare(desc['name'], type, text(desc['doc']));
    this.declared.add(desc['name']);
  }

  private readonly declared = new Set<string>();

  private value(told: Record<string, unknown>): void {
    const name = told['name'];
    const ctype = object(told['value']);
    if (!this.ledger || typeof name !== 'string' || !ctype || !this.declared.has(name))
      throw new Error('a value of a metric that was not described');
    if (!this.ledger.has(name)) return;
    const counter = object(ctype['Counter']);
    const gauge = object(ctype['Gauge']);
    if (counter && typeof counter['value'] === 'number') this.ledger.add(name, 'counter', counter['value']);
    else if (gauge && number(gauge['hits']) > 0)
      this.ledger.level(name, number(gauge['total']) / number(gauge['hits']));
  }
}
