import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Coloured, Terminal } from './terminal.js';

async function frame(size: { columns?: number; rows?: number }): Promise<string> {
  const out = Object.assign(new PassThrough(), size);
  await new Terminal(out, new PassThrough()).frame([
    ['a long line of text'],
    ['b', new Coloured('c\u001b[2J', 'red')],
    ['d'],
  ]);
  return (out.read() as Buffer).toString();
}

it('cuts a screen to its columns, and lets nothing of foreign texts steer it', async () => {
  expect(await frame({ columns: 6, rows: 4 })).toBe('\u001b[Ha long\u001b[K\nbc\u001b[K\nd\u001b[K\n\u001b[J');
});

it('says how many lines a screen has no room for', async () => {
  expect(await frame({ rows: 3 })).toBe(
    '\u001b[Ha long line of text\u001b[K\n… 2 more lines in a higher window\u001b[K\n\u001b[J',
  );
});

it('shows a screen on a terminal that does not know its size', async () => {
  for (const size of [{}, { columns: 0, rows: 0 }]) expect(await frame(size)).toMatch(/a long line of text.*\nbc.*\nd/);
});
