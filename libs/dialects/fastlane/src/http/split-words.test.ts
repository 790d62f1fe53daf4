import { describe, expect, it } from 'vitest';
import { splitWords } from './split-words.js';

describe('a command', () => {
  it.each([
    ['ls -lah', ['ls', '-lah']],
    [`bash -c 'echo "it failed" && exit 123'`, ['bash', '-c', 'echo "it failed" && exit 123']],
    [`echo "a \\"b\\" \\\\ \\n c"`, ['echo', 'a "b" \\ \\n c']],
    [String.raw`a\ b c\'d 'e\f'`, ['a b', "c'd", String.raw`e\f`]],
    [`''  "" x''y`, ['', '', 'xy']],
    ['  spaced\t\nout  ', ['spaced', 'out']],
    ['echo $HOME * | cat > x # no', ['echo', '$HOME', '*', '|', 'cat', '>', 'x', '#', 'no']],
    ['', []],
  ])('%j is split as a POSIX shell would', (command, words) => {
    expect(splitWords(command)).toEqual(words);
  });

  it.each([`echo 'open`, `echo "open`, 'echo \\'])('%j is refused', (command) => {
    expect(() => splitWords(command)).toThrow();
  });
});
