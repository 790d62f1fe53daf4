import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.js';

const piece = (text: string, stream: 'stdout' | 'stderr' = 'stdout', execution = 'e1') => ({
  ...{ text, stream, execution, offset: 0, id: '' },
  bytes: new Uint8Array(),
});

it('keeps the end of a long output, and says that its beginning is gone', () => {
  const tail = new OutputTail(10);
  tail.add(piece('abc'));
  tail.add(piece('!', 'stderr'));
  expect(tail.texts()).toEqual({ output: 'abc!', stdout: 'abc', stderr: '!', truncated: false });
  for (let at = 0; at < 100; at += 1) tail.add(piece(String(at % 10)));
  expect(tail.texts()).toEqual({ output: '0123456789', stdout: '0123456789', stderr: '!', truncated: true });
});

it('begins anew with another execution', () => {
  const tail = new OutputTail(10);
  tail.add(piece('first'));
  tail.add(piece('second', 'stdout', 'e2'));
  expect(tail.texts()).toMatchObject({ output: 'second', truncated: false });
});
