import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.js';

const parse = (...args: string[]) => parseOptions(args, ['submit', 'latency', 'history'], ['history']);

describe('the words after npm run bench --', () => {
  it('choose measures and ticket stores; without them it is all that does not take minutes', () => {
    expect(parse()).toMatchObject({ measures: ['submit', 'latency'], backends: ['redis', 'postgres'], rounds: 3 });
    expect(parse('history', 'redis')).toMatchObject({ measures: ['history'], backends: ['redis'] });
  });

  it('are refused when nothing has that name, with the names there are', () => {
    expect(() => parse('submits')).toThrow('There is no measure "submits"; there are: submit, latency, history.');
  });

  it('say how long the history is', () => {
    expect(parse().jobs).toBeNull();
    expect(parse('history', '--jobs', '200000').jobs).toBe(200_000);
    expect(() => parse('--jobs', '5')).toThrow('--jobs takes a whole number from 1000 to 100000000, not "5".');
  });

  it('make one round when it is to be quick, and as many as they say', () => {
    expect(parse('--quick').rounds).toBe(1);
    expect(parse('--quick', '--rounds', '2').rounds).toBe(2);
    expect(() => parse('--rounds', 'many')).toThrow('--rounds takes a whole number from 1 to 100, not "many".');
  });
});
