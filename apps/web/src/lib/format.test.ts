import { expect, it } from 'vitest';
import { bytesOf, counted } from './format.js';
import { commandLine } from './shell.js';

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [200 * 1024 * 1024, '200 MiB'],
])('%i bytes are %s', (count, words) => {
  expect(bytesOf(count)).toBe(words);
});

it('a count has its noun', () => {
  expect([counted(1, 'job'), counted(2, 'job')]).toEqual(['1 job', '2 jobs']);
});

it('a command is a line that a shell would read as the same words', () => {
  expect(commandLine(['sh', '-c', "echo 'a b'", ''])).toBe(`sh -c 'echo '\\''a b'\\''' ''`);
  expect([commandLine('make test'), commandLine(null)]).toEqual(['make test', '']);
});
