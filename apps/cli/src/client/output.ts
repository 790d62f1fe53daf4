import Table from 'cli-table3';
import { Option, type Command } from 'commander';
import pc from 'picocolors';

export const FORMATS = ['table', 'json', 'jsonl', 'quiet'] as const;
export type Format = (typeof FORMATS)[number];

export function formatted(command: Command): Command {
  return command.addOption(new Option('-o, --output <format>', 'how results are written').choices([...FORMATS]).default('table'));
}

/** Colours only where a person looks. */
const colors = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);

export function colorOfState(state: string): string {
  if (state === 'succeeded' || state === 'online') return colors.green(state);
  if (state === 'failed' || state === 'expired' || state === 'offline') return colors.red(state);
  if (state === 'running' || state === 'claimed') return colors.cyan(state);
  return colors.yellow(state);
}

export type Column<T> = [title: string, value: (row: T) => string];

/** Writes rows: a table for people, one JSON text, a JSON line each, or only what names each. */
export async function writeRows<T>(format: Format, rows: T[], columns: Column<T>[], nameOf: (row: T) => string): Promise<void> {
  if (format === 'json') await write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (format === 'jsonl') await write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  else if (format === 'quiet') await write(rows.map((row) => `${nameOf(row)}\n`).join(''));
  else {
    const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' };
    const table = new Table({ head: columns.map(([title]) => title), chars: none, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } });
    table.push(...rows.map((row) => columns.map(([, value]) => plain(value(row)))));
    await write(`${table.toString().split('\n').map((line) => line.trimEnd()).join('\n')}\n`);
  }
}

/** One thing: a table of its fields, JSON, or its name. */
export async function writeOne<T extends object>(format: Format, item: T, nameOf: (item: T) => string): Promise<void> {
  if (format === 'json') return write(`${JSON.stringify(item, null, 2)}\n`);
  if (format !== 'table') return writeRows(format, [item], [], nameOf);
  const fields = Object.entries(item).filter(([, value]) => value !== null && !(typeof value === 'object' && Object.keys(value as object).length === 0));
  const width = Math.max(...fields.map(([key]) => key.length));
  return write(fields.map(([key, value]) => `${key.padEnd(width)}  ${plain(typeof value === 'string' ? (key === 'state' ? colorOfState(value) : value) : JSON.stringify(value))}\n`).join(''));
}

/** What came from a job or a client must not steer the terminal; our own colours may. */
// eslint-disable-next-line no-control-regex
const plain = (text: string): string => text.replaceAll(/\u001b(?!\[\d{1,2}m)|[\u0000-\u0008\u000b-\u001a\u007f]/g, '?').replaceAll(/\s*\n\s*/g, ' ');

/** Resolves when the bytes are taken; a reader that has gone (`| head`) is no failure. */
export function write(bytes: string | Buffer, to: NodeJS.WriteStream = process.stdout): Promise<void> {
  return new Promise((resolve) => {
    to.write(bytes, () => resolve());
  });
}
