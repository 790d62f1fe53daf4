import { describe, expect, it } from 'vitest';
import { piecesOf } from './terminal.js';

describe('texts for a terminal', () => {
  it('have the colours of a terminal, and none of its other commands', () => {
    expect(piecesOf('\u001b[1;31mred\u001b[0m plain')).toEqual([
      { text: 'red', look: 'ansi-red ansi--bold' },
      { text: ' plain', look: '' },
    ]);
    expect(piecesOf('<script>alert(1)</script>')).toEqual([{ text: '<script>alert(1)</script>', look: '' }]);
  });
});
