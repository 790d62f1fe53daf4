import { describe, expect, it } from 'vitest';
import { normalUuid, readPayload } from './payload.js';
import { FastlaneProblem } from './problem.js';

const JOB = { image: 'task1:latest', command: 'ls -lah' };
const NOW = 1_700_000_000_000;
const read = (body: unknown) => readPayload(body, 1800, NOW);
const refusal = (body: unknown): string => {
  try {
    read(body);
  } catch (error) {
    if (error instanceof FastlaneProblem && error.operation === null && error.status === 400) return error.text;
    throw error;
  }
  throw new Error('it was taken');
};

describe('the payload of a job', () => {
  it('needs image and command only', () => {
    const lists = { succeeds: [], fails: [], finishes: [] };
    expect(read(JOB)).toEqual({
      details: {
        image: 'task1:latest',
        command: 'ls -lah',
        words: ['ls', '-lah'],
        envs: {},
        custom: null,
        retries: 0,
        timeout: 1800,
        expiration: null,
        cron: null,
        notify: lists,
        webhooks: lists,
        extra_hosts: [],
      },
      when: { kind: 'now' },
    });
  });

  it.each([
    [undefined, 'Failed to enqueue task because JSON body could not be parsed.'],
    [null, 'Failed to enqueue task because JSON body could not be parsed.'],
    ['', 'Failed to enqueue task because JSON body could not be parsed.'],
    [{ image: 'x' }, 'image and command must be filled in the request.'],
    [{ image: null, command: 'x' }, 'image and command must be filled in the request.'],
    [
      { ...JOB, startAt: 1, cron: '* * * * *' },
      "Only ONE of 'startAt', 'startIn' and 'cron' should be in the request.",
    ],
  ])('%j is refused in the words of the original', (body, text) => {
    expect(refusal(body)).toBe(text);
  });

  it.each([
    [[JOB], 'object'],
    [{ ...JOB, image: 7 }, 'image'],
    [{ ...JOB, command: '' }, 'command'],
    [{ ...JOB, command: "echo 'open" }, 'command'],
    [{ ...JOB, retries: -1 }, 'retries'],
    [{ ...JOB, retries: '3' }, 'retries'],
    [{ ...JOB, retries: 1.5 }, 'retries'],
    [{ ...JOB, timeout: 0 }, 'timeout'],
    [{ ...JOB, timeout: '10' }, 'timeout'],
    [{ ...JOB, envs: [] }, 'envs'],
    [{ ...JOB, envs: { A: {} } }, 'envs'],
    [{ ...JOB, notify: { fails: 'a@b.c' } }, 'notify.fails'],
    [{ ...JOB, webhooks: { fails: ['http://x'] } }, 'webhooks.fails'],
    [{ ...JOB, webhooks: [] }, 'webhooks'],
    [{ ...JOB, startIn: '10' }, 'startIn'],
    [{ ...JOB, startIn: '1d' }, 'startIn'],
    [{ ...JOB, startAt: 'soon' }, 'startAt'],
    [{ ...JOB, expiration: {} }, 'expiration'],
    [{ ...JOB, cron: '* *' }, 'cron'],
    [{ ...JOB, additionalDNSEntries: ['a'] }, 'additionalDNSEntries'],
  ])('%j is refused with a text that names %s', (body, key) => {
    expect(refusal(body)).toContain(key);
  });

  it.each([
    ['10s', 10],
    ['2m30s', 150],
    ['4h30m25s', 16_225],
    ['240h', 864_000],
    ['5m', 300],
  ])('starts in %s', (startIn, seconds) => {
    expect(read({ ...JOB, startIn }).when).toEqual({ kind: 'at', at: new Date(NOW + seconds * 1000) });
  });

  it('takes a start as number or digits, cuts its fraction, and takes nothing as now', () => {
    expect(read({ ...JOB, startAt: 1_547_737_982.9 }).when).toEqual({ kind: 'at', at: new Date(1_547_737_982_000) });
    expect(read({ ...JOB, startAt: '1547737982' }).when).toEqual({ kind: 'at', at: new Date(1_547_737_982_000) });
    for (const nothing of [
      { startAt: 0 },
      { startAt: '' },
      { startIn: '' },
      { cron: '' },
      { startAt: null, startIn: null },
    ])
      expect(read({ ...JOB, ...nothing }).when).toEqual({ kind: 'now' });
  });

  it('moves the seconds of a cron with six fields to the front', () => {
    expect(read({ ...JOB, cron: '*/5 * * * * 30' }).when).toEqual({ kind: 'cron', pattern: '30 */5 * * * *' });
  });

  it('keeps values of the environment as text, metadata only when it is an object with something in it, and the smaller time-out', () => {
    const { details } = read({ ...JOB, envs: { A: 1, B: true, C: 'x' }, metadata: { user: 'h' }, timeout: 5 });
    expect(details).toMatchObject({ envs: { A: '1', B: 'true', C: 'x' }, custom: { user: 'h' }, timeout: 5 });
    for (const metadata of [{}, [1], 'x', 7]) expect(read({ ...JOB, metadata }).details.custom).toBeNull();
    expect(read({ ...JOB, timeout: 9999 }).details.timeout).toBe(1800);
  });
});

it.each([
  ['DE5FA478910642D6B142325941EBF913', 'de5fa478-9106-42d6-b142-325941ebf913'],
  ['de5fa478-9106-42d6-b142-325941ebf913', 'de5fa478-9106-42d6-b142-325941ebf913'],
  ['x', undefined],
])('the id %s is %s', (text, id) => {
  expect(normalUuid(text)).toBe(id);
});
