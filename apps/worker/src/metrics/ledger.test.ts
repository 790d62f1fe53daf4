import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ClientSession } from './client-session.js';
import { Frames, MAX_FRAME } from './frames.js';
import { Ledger } from './ledger.js';
import { Ledgers } from './ledgers.js';
import { pushJson, pushText } from './push-body.js';

const shown = (ledger: Ledger | undefined): Record<string, unknown> =>
  Object.fromEntries((ledger?.series ?? []).map(([name], i) => [name, ledger?.values[i]]));
const recorded = (
  JSON.parse(
    readFileSync(new URL('../../../../test/fixtures/metric-proxy-unix-client.json', import.meta.url), 'utf8'),
  ) as { messages: object[] }
).messages;

describe('a program on the socket', () => {
  it.each(['\u4e2d'.repeat(1_000), `${'x'.repeat(999)}\u{1f600}`])(
    'whose job has a long name tells one that the API takes',
    (jobid) => {
      const ledgers = new Ledgers(10);
      new ClientSession(ledgers).message(JSON.stringify({ JobDesc: { jobid } }));
      const [ledger] = ledgers.all();
      expect(Buffer.byteLength(ledger?.job ?? '')).toBeLessThanOrEqual(1_000);
      expect(Buffer.byteLength(ledger?.job ?? '')).toBeGreaterThan(990);
      expect(jobid.startsWith(ledger?.job ?? '-')).toBe(true);
      expect(ledger?.job.isWellFormed()).toBe(true);
    },
  );

  it('that is the real client library is understood whole', () => {
    const ledgers = new Ledgers(10);
    const session = new ClientSession(ledgers);
    for (const message of recorded) session.message(JSON.stringify(message));
    const ledger = ledgers.get('cjob');
    expect(shown(ledger)).toEqual({ demo_steps: 10, demo_level: 7.5 });
    expect(ledger).toMatchObject({
      clients: 1,
      description: { jobid: 'cjob', command: '/home/user/app/t_client argA ', size: 4, nodelist: 'n[1-2]' },
    });
    session.close();
    session.close();
    expect(ledger?.clients).toBe(0);
  });

  it('shares its job with others, whose increments add up and whose last level counts', () => {
    const ledgers = new Ledgers(10);
    const sessions = [new ClientSession(ledgers), new ClientSession(ledgers)];
    for (const [i, session] of sessions.entries()) {
      session.message(
        JSON.stringify({ JobDesc: { jobid: 'j', command: 'c', size: 2, start_time: 1_700_000_100 - i } }),
      );
      session.message('{"Desc":{"name":"n","doc":"","ctype":{"Counter":{"value":0}}}}');
      session.message('{"Desc":{"name":"g","doc":"","ctype":{"Gauge":{"min":0,"max":0,"hits":0,"total":0}}}}');
      session.message('{"Value":{"name":"n","value":{"Counter":{"value":5}}}}');
      session.message(`{"Value":{"name":"g","value":{"Gauge":{"min":${i},"max":${i},"hits":1,"total":${i}}}}}`);
    }
    expect(shown(ledgers.get('j'))).toEqual({ n: 10, g: 1 });
    expect(ledgers.get('j')).toMatchObject({ clients: 2, description: { start_time: 1_700_000_099 } });
  });

  it.each([
    ['no JSON', ['{']],
    [
      'a value before its description',
      ['{"JobDesc":{"jobid":"j"}}', '{"Value":{"name":"x","value":{"Counter":{"value":1}}}}'],
    ],
    ['a metric before the job', ['{"Desc":{"name":"x","doc":"","ctype":{"Counter":{"value":0}}}}']],
    ['main', ['{"JobDesc":{"jobid":"main"}}']],
    ['a node', ['{"JobDesc":{"jobid":"Node: x"}}']],
    ['anything else', ['{"Hello":1}']],
    ['two jobs', ['{"JobDesc":{"jobid":"j"}}', '{"JobDesc":{"jobid":"k"}}']],
  ])('that sends %s is sent away', (_, lines) => {
    const session = new ClientSession(new Ledgers(10));
    expect(() => lines.forEach((line) => session.message(line))).toThrow();
  });
});

describe('messages', () => {
  it('are cut at NUL bytes wherever the stream was split', () => {
    const bytes = Buffer.from('{"a":"ü"}\0{"b":1}\0{"c"');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const frames = new Frames();
      expect([...frames.push(bytes.subarray(0, cut)), ...frames.push(bytes.subarray(cut))]).toEqual([
        '{"a":"ü"}',
        '{"b":1}',
      ]);
    }
  });
  it('that never end are refused', () => expect(() => new Frames().push(Buffer.alloc(MAX_FRAME + 1, 65))).toThrow());
});

describe('what a job pushes over HTTP', () => {
  it('as Prometheus text is the running total of its program', () => {
    const ledger = new Ledger('j', 10);
    const text = (n: number): string =>
      `# TYPE s_total counter\ns_total{op="a,b"} ${n}\n# TYPE g gauge\ng 2\nuntyped 1\n`;
    expect(pushText(ledger, 'a', text(10))).toEqual({
      accepted: 2,
      refused: [{ name: 'untyped', reason: 'has no TYPE counter or gauge' }],
    });
    pushText(ledger, 'a', text(12));
    pushText(ledger, 'b', text(3));
    // Program a starts anew.
    pushText(ledger, 'a', text(4));
    expect(shown(ledger)).toEqual({ 's_total{op="a,b"}': 19, g: 2 });
  });

  it('as JSON may add, tell totals and set levels', () => {
    const ledger = new Ledger('j', 10);
    const push = (metrics: unknown): ReturnType<typeof pushJson> => pushJson(ledger, '', JSON.stringify({ metrics }));
    expect(
      push([
        { name: 'n', add: 2 },
        { name: 'n', add: 3 },
        { name: 't', type: 'counter', total: 7, labels: { b: 1, a: 'x' } },
        { name: 'g', value: 0.5, doc: 'level' },
      ]),
    ).toEqual({ accepted: 4, refused: [] });
    expect(shown(ledger)).toEqual({ n: 5, 't{a="x",b="1"}': 7, g: 0.5 });
    expect(
      push([
        { name: 'g', type: 'counter', add: 1 },
        { name: 'n', add: -1 },
        { name: 'n', add: 'x' },
        { name: '', add: 1 },
        { name: 'q', type: 'histogram' },
      ]).refused,
    ).toHaveLength(5);
    expect(() => pushJson(ledger, '', '[]')).toThrow(/metrics/);
  });

  it('beyond its budget is refused and said', () => {
    const ledger = new Ledger('j', 1);
    expect(
      pushJson(ledger, '', '{"metrics":[{"name":"a","add":1},{"name":"b","add":1},{"name":"a","add":1}]}'),
    ).toEqual({
      accepted: 2,
      refused: [{ name: 'b', reason: 'the job has 1 series already, as many as it may (DROVER_JOB_SERIES)' }],
    });
  });
});
