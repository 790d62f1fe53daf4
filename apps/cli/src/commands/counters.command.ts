import type { Command } from 'commander';
import type { CounterList } from '@drover/client';
import { number } from '../client/job-options.js';
import { formatted, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { EXIT, ExitError } from '../exit.js';
import { terminal } from '../terminal/terminal.js';

type Options = ConnectOptions & { output: Format };

/** A series of a job, as a row. */
interface Row {
  name: string;
  type: string;
  last: Reading | null;
  /** The growth of a counter a second, from its first reading to its last one. */
  rate: number | null;
}

interface Reading {
  at: string;
  value: number;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
const timeOf = (at: string): string => at.slice(0, 23).replace('T', ' ');

const SERIES: Column<Row>[] = [
  ['SERIES', (row) => row.name],
  ['TYPE', (row) => row.type],
  ['LAST', ({ last }) => (last === null ? '' : short(last.value))],
  ['A SECOND', ({ rate }) => (rate === null ? '' : short(rate))],
  ['READ', ({ last }) => (last === null ? '' : timeOf(last.at))],
];

const READINGS: Column<Reading>[] = [
  ['READ', (reading) => timeOf(reading.at)],
  ['VALUE', (reading) => short(reading.value)],
];

/** The counters and gauges that a job pushed. */
export function addCounters(program: Command): void {
  const counters = program
    .command('counters')
    .description('show the counters and gauges that a job pushed, or one of them over time')
    .argument('<id>')
    .option('--series <name>', 'the readings of this series, with its labels as the list has it')
    .option('--limit <n>', 'of so many readings, the newest', number, 1_000);
  formatted(connecting(counters)).action(
    async (id: string, { series, limit, ...options }: Options & { series?: string; limit: number }) => {
      const found = unwrap(
        await openSession(options).api.GET('/api/v1/jobs/{id}/counters', {
          params: { path: { id }, query: { limit } },
        }),
      );
      if (series !== undefined) {
        const place = found.series.findIndex(({ name }) => name === series);
        if (place < 0) throw new ExitError(EXIT.notFound, `Job ${id} has no series ${series}.${namesOf(found)}`);
        return writeRows(options.output, readingsOf(found, place), READINGS, ({ value }) => String(value));
      }
      if (options.output === 'json') return terminal.json(found, 2);
      await writeRows(options.output, found.series.map(rowOf(found)), SERIES, ({ name }) => name);
      if (found.series.length === 0) await terminal.err('The job has pushed no counter and no gauge.\n');
    },
  );
}

const readingsOf = ({ readings }: CounterList, place: number): Reading[] =>
  readings.flatMap(({ at, values }) => {
    const value = values[place] ?? null;
    return value === null ? [] : [{ at, value }];
  });

const rowOf =
  (list: CounterList) =>
  ({ name, type }: CounterList['series'][number], place: number): Row => {
    const readings = readingsOf(list, place);
    const [first, last] = [readings[0], readings.at(-1) ?? null];
    const seconds = first && last ? (Date.parse(last.at) - Date.parse(first.at)) / 1_000 : 0;
    const grown = first && last && seconds > 0 ? (last.value - first.value) / seconds : null;
    return { name, type, last, rate: type === 'counter' ? grown : null };
  };

const namesOf = ({ series }: CounterList): string =>
  series.length === 0 ? '' : ` It has ${series.map(({ name }) => name).join(', ')}.`;
