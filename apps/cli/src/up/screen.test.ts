import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { Screen } from './screen.js';

let out: PassThrough;
let err: PassThrough;

beforeEach(() => {
  out = new PassThrough();
  err = new PassThrough();
});

const said = (stream: PassThrough): string => String(stream.read() ?? '');

describe('the screen of drover up', () => {
  it('keeps quiet about what is not a problem, and shows warnings and crashes', () => {
    const screen = new Screen(false, out, err);
    screen.line('api', '{"level":"info","msg":"listening"}');
    screen.line('api', '{"level":"warn","msg":"slow","ms":900,"time":"x","pid":1,"name":"api"}');
    screen.line('worker', 'TypeError: boom');
    screen.line('worker', '');
    const text = said(err);
    expect(text).not.toContain('listening');
    expect(text).toContain('warn slow {"ms":900}');
    expect(text).toContain('TypeError: boom');
    expect(text.trim().split('\n')).toHaveLength(2);
  });

  it('shows everything when asked to', () => {
    new Screen(true, out, err).line('api', '{"level":"info","msg":"listening"}');
    expect(said(err)).toContain('info listening');
  });

  it('does not let a program that floods its log flood the terminal', () => {
    const screen = new Screen(false, out, err);
    for (let n = 0; n < 5_000; n++) screen.line('api', `{"level":"error","msg":"line ${n}"}`);
    const lines = said(err).trim().split('\n');
    // The clock may turn once or twice while the loop runs.
    expect(lines.length).toBeLessThanOrEqual(21 * 3);
    expect(lines.some((line) => line.endsWith('more in the log file'))).toBe(true);
  });
});
