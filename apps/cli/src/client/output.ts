import { Option, type Command } from 'commander';
import { Coloured, terminal, type Piece } from '../terminal/terminal.js';

const FORMATS = ['table', 'json', 'jsonl', 'quiet'] as const;
export type Format = (typeof FORMATS)[number];

export function formatted(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <format>', 'how results are written').choices([...FORMATS]).default('table'),
  );
}

/** A state of a job or an agent in its colour. */
export function colourOfState(state: string): Coloured {
  if (state === 'succeeded' || state === 'online') return new Coloured(state, 'green');
  if (state === 'failed' || state === 'expired' || state === 'offline') return new Coloured(state, 'red');
  if (state === 'running' || state === 'claimed' || state === 'busy') return new Coloured(state, 'cyan');
  return new Coloured(state, 'yellow');
}

export type Column<T> = [title: string, value: (row: T) => Piece];

/** Writes rows: a table for people, one JSON text, a JSON line each, or only what names each. */
export async function writeRows<T>(
  format: Format,
  rows: T[],
  columns: Column<T>[],
  nameOf: (row: T) => string,
): Promise<void> {
  if (format === 'json') return terminal.json(rows, 2);
  if (format === 'table')
    return terminal.table(
      columns.map(([title]) => title),
      rows.map((row) => columns.map(([, value]) => value(row))),
    );
  for (const row of rows) {
    if (format === 'jsonl') await terminal.json(row);
    else await terminal.out(`${nameOf(row)}\n`);
  }
}

/** One thing: a table of its fields, JSON, or its name. */
export async function writeOne<T extends object>(format: Format, item: T, nameOf: (item: T) => string): Promise<void> {
  if (format === 'json') return terminal.json(item, 2);
  if (format !== 'table') return writeRows(format, [item], [], nameOf);
  const fields = Object.entries(item).filter(
    ([, value]) => value !== null && !(typeof value === 'object' && Object.keys(value as object).length === 0),
  );
  const width = Math.max(...fields.map(([key]) => key.length));
  for (const [key, value] of fields) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    await terminal.line(`${key.padEnd(width)}  `, key === 'state' ? colourOfState(shown) : shown);
  }
}
