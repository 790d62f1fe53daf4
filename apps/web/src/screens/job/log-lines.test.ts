import { describe, expect, it } from 'vitest';
import { LineCutter, withLines, type LogLine } from './log-lines.js';

function linesOf(...pieces: [stream: LogLine['stream'], text: string][]): string[] {
  const cutter = new LineCutter();
  return pieces
    .reduce<LogLine[]>((lines, [stream, text]) => withLines(lines, cutter.push(stream, text)), [])
    .map(({ text }) => text);
}

describe('lines of a log', () => {
  it('are whole, however the pieces were cut', () => {
    expect(linesOf(['stdout', 'on'], ['stdout', 'e\ntw'], ['stdout', 'o\n'], ['stdout', '\nfour'])).toEqual([
      'one',
      'two',
      '',
      'four',
    ]);
  });

  it('of two streams do not run into each other', () => {
    expect(linesOf(['stdout', 'out '], ['stderr', 'err\n'], ['stdout', 'goes on\n'])).toEqual(['out goes on', 'err']);
  });

  it('that a program writes over again and again show the last', () => {
    expect(linesOf(['stdout', '10 %\r20 %\r'], ['stdout', '30 %\r'], ['stdout', 'done\r\nnext\n'])).toEqual([
      'done',
      'next',
    ]);
  });
});
