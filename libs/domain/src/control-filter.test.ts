import { describe, expect, it } from 'vitest';
import { ControlFilter, safeLine, safeText } from './control-filter.js';

describe('what steers a terminal', () => {
  it.each([
    ['a title (OSC)', 'a\u001b]0;title\u0007b', 'ab'],
    ['a title that ends with ST', 'a\u001b]0;title\u001b\\b', 'ab'],
    ['a title by C1 controls', 'a\u009d0;title\u009cb', 'ab'],
    ['a link', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a string sequence without an end, up to its line', 'a\u001b]0;title\nb', 'a\nb'],
    ['a moved cursor', 'a\u001b[2Ab\u009b2Ac', 'abc'],
    ['a cleared screen', '\u001b[2J\u001b[Hx', 'x'],
    ['a device request (DCS)', '\u001bP+q544e\u001b\\x\u0090+q\u009cy', 'xy'],
    ['a reset and a charset', '\u001bcx\u001b(0y', 'xy'],
    ['bare controls', 'a\u0000\u0007\u0008\u000b\u000c\r\u007f\u0085\u008fb', 'ab'],
    ['an escape at the end', 'a\u001b', 'a'],
    ['a sequence within a sequence', 'a\u001b[1\u001b[2Jb', 'ab'],
    ['what turns the order of text round', 'a\u202eb\u2066c\u2069\u200f\u061cd', 'abcd'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ])('is taken out: %s', (_, given, left) => {
    expect(safeText(given)).toBe(left);
  });

  it('leaves lines, tabs and every letter as they are', () => {
    const text = 'a\tb\nGrüße, 日本語, 👍, \u00a0';
    expect(safeText(text)).toBe(text);
    expect(safeLine('a \n b\r\nc\u2028d\u2029e')).toBe('a b c d e');
  });

  it('lets colours and carriage returns through where they are wanted, and nothing else, also split over pieces', () => {
    const given =
      '10 %\r20 %\n\u001b[1;31mred\u001b[0m\u001b[38:5:1mx\u001b[?25l\u001b[>4;1m\u001b]0;t\u0007\u009b2J\u001b[2Jend';
    const wanted = '10 %\r20 %\n\u001b[1;31mred\u001b[0m\u001b[38:5:1mxend';
    for (let size = 1; size <= given.length; size++) {
      const filter = new ControlFilter({ colours: true, returns: true });
      let out = '';
      for (let at = 0; at < given.length; at += size) out += filter.push(given.slice(at, at + size));
      expect(out, `pieces of ${size}`).toBe(wanted);
      expect(filter.coloured).toBe(true);
    }
  });

  it('gives nothing back that could begin a sequence, whatever comes in', () => {
    let seed = 7;
    const next = (n: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    const bits = [
      '\u001b',
      '[',
      ']',
      'P',
      '\\',
      '\u009b',
      '\u009d',
      '\u009c',
      '\u0007',
      '\n',
      '3',
      ';',
      'm',
      'J',
      '?',
      '\u0018',
      'x',
      ' ',
    ];
    for (let round = 0; round < 3_000; round++) {
      const text = Array.from({ length: 12 }, () => bits[next(bits.length)]).join('');
      // eslint-disable-next-line no-control-regex
      expect(safeText(text), JSON.stringify(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      const coloured = new ControlFilter({ colours: true, returns: false }).push(text);
      // eslint-disable-next-line no-control-regex
      expect(coloured.replaceAll(/\u001b\[[\d;:]*m/g, ''), JSON.stringify(text)).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
      );
    }
  });
});
