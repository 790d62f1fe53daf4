import { expect, it } from 'vitest';
import { classify } from './classify.js';

const code = (n: number) => ({ code: n, signal: null });
const killed = (signal: string) => ({ code: null, signal });

it.each([
  ['all tasks at 0', [code(0), code(0)], { ok: true, cause: null, exit_code: 0, signal: null }],
  ['one task at 4', [code(0), code(4), code(2)], { ok: false, cause: 'exit_code', exit_code: 4, signal: null }],
  ['a signal', [killed('SIGSEGV')], { ok: false, cause: 'signal', exit_code: null, signal: 'SIGSEGV' }],
  [
    'a signal beside a lower code',
    [code(3), killed('SIGKILL')],
    { ok: false, cause: 'signal', exit_code: null, signal: 'SIGKILL' },
  ],
  [
    'a code above a signal',
    [killed('SIGHUP'), code(200)],
    { ok: false, cause: 'exit_code', exit_code: 200, signal: null },
  ],
])('names the end of an execution with %s', (_name, ends, verdict) => {
  expect(classify(ends, undefined)).toMatchObject(verdict);
});

it('keeps our own cause, whatever the process left with', () => {
  const ending = { cause: 'timeout', detail: 'Still running.' } as const;
  expect(classify([code(0)], ending)).toEqual({
    ok: false,
    cause: 'timeout',
    cause_detail: 'Still running.',
    exit_code: 0,
    signal: null,
  });
  expect(classify([], ending)).toMatchObject({ ok: false, cause: 'timeout', exit_code: null, signal: null });
});

it('explains the exit codes of a shell that found nothing to run', () => {
  expect(classify([code(127)], undefined).cause_detail).toMatch(/did not find/);
  expect(classify([code(126)], undefined).cause_detail).toMatch(/may not be executed/);
});
