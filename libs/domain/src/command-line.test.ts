import { expect, it } from 'vitest';
import { commandLine } from './command-line.js';

it('shows a shell text as it is, and quotes the words of a list that a shell would read otherwise', () => {
  expect(commandLine('a | b')).toBe('a | b');
  expect(commandLine(['echo', 'one two', "it's", '--x=1', ''])).toBe(`echo 'one two' 'it'\\''s' --x=1 ''`);
  expect(commandLine(null)).toBe('');
});
