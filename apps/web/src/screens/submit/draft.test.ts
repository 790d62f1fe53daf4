import { describe, expect, it } from 'vitest';
import type { JobDetail } from '../../api/types.js';
import { bodyOf, cloneOf, faultOfOther, faultsByField, webhooksOf } from './draft.js';
import { OTHER, sectionsOf } from './fields.js';
import { SUBMIT_SCHEMA } from './schema.generated.js';
import { leavesOf, type Schema } from './schema.js';

const DRAFT = {
  command: "echo 'a b'",
  queue: 'gpu',
  tags: 'ci\n\n nightly ',
  env: 'LEVEL=3\nPATTERN=a=b',
  'resources.memory_mb': '512',
  'retry.max': '2',
  pinned: 'false',
  name: '  ',
};

/** A value of a schema. */
function valueFor(schema: Schema, path: string): unknown {
  const shape = schema.oneOf?.find(({ properties }) => properties) ?? schema.oneOf?.[0] ?? schema;
  if (shape.properties)
    return Object.fromEntries(
      Object.entries(shape.properties).map(([name, inner]) => [name, valueFor(inner, `${path}.${name}`)]),
    );
  if (shape.enum) return shape.enum[0];
  if (shape.items) return [valueFor(shape.items, `${path}.0`), valueFor(shape.items, `${path}.1`)];
  if (shape.type === 'boolean') return true;
  if (shape.type === 'number') return 7;
  if (shape.format === 'date-time') return '2030-01-31T08:00:02.250Z';
  if (shape.type === 'object')
    return shape.additionalProperties ? { A: 'b=c', [path]: '' } : { deep: [{ of: path }], n: 0 };
  return `a text of ${path}`;
}

const FULL = valueFor(SUBMIT_SCHEMA, 'job') as Record<string, unknown>;
const NOW = Date.parse('2029-01-01T00:00:00Z');

/** A job as the API shows it, which was asked for with this body. */
const jobOf = (body: Record<string, unknown>): JobDetail =>
  ({
    state: 'failed',
    exit_code: 3,
    env: {},
    cron: null,
    depends_on: [],
    ...body,
    webhooks: ((body['webhooks'] ?? []) as Record<string, unknown>[]).map(({ secret, ...one }) => ({
      ...one,
      signed: secret !== undefined,
    })),
  }) as unknown as JobDetail;

describe('a form that is filled in', () => {
  it('sends what was filled in, and nothing else', () => {
    expect(bodyOf(DRAFT)).toEqual({
      command: "echo 'a b'",
      queue: 'gpu',
      tags: ['ci', 'nightly'],
      env: { LEVEL: '3', PATTERN: 'a=b' },
      resources: { memory_mb: 512 },
      retry: { max: 2 },
    });
    expect(bodyOf({ 'webhooks.0.url': 'https://x', priority: 'high', pinned: 'true' })).toEqual({
      webhooks: [{ url: 'https://x' }],
      priority: 'high',
      pinned: true,
    });
  });

  it('sends a list of words as one, several webhooks without holes, and other fields with the rest', () => {
    expect(
      bodyOf({
        command: '["make", "a b"]',
        'webhooks.0.url': ' ',
        'webhooks.1.url': 'https://x',
        'webhooks.1.on': 'failed\nexpired',
        metadata: '{"ticket": 17}',
        'limits.grace_s': '0',
        [OTHER]: '{"limits": {"silence_s": 5}, "webhooks": [{"url": "https://y"}], "new": [1]}',
      }),
    ).toEqual({
      command: ['make', 'a b'],
      webhooks: [{ url: 'https://x', on: ['failed', 'expired'] }, { url: 'https://y' }],
      metadata: { ticket: 17 },
      limits: { grace_s: 0, silence_s: 5 },
      new: [1],
    });
    expect(bodyOf({ command: '[ -f x ] && make', metadata: '{' })).toEqual({
      command: '[ -f x ] && make',
      metadata: '{',
    });
    expect([faultOfOther({}), faultOfOther({ [OTHER]: '{}' }), faultOfOther({ [OTHER]: '[1]' })]).toEqual([
      null,
      null,
      expect.stringContaining('object as JSON'),
    ]);
  });

  it('shows each fault at the field that the API names', () => {
    const faults = faultsByField(
      [
        { field: 'priority', message: 'must be a whole number' },
        { field: 'env.LEVEL', message: 'is too long' },
        { field: 'webhooks.0.url', message: 'must be a URL' },
        { field: 'nonsense', message: 'is not known' },
        { field: 'novel.0', message: 'is not known' },
      ],
      { [OTHER]: '{"novel": [1]}' },
    );
    expect([...faults]).toEqual([
      ['priority', 'must be a whole number'],
      ['env', 'is too long'],
      ['webhooks.0.url', 'must be a URL'],
      ['', 'nonsense: is not known'],
      [OTHER, 'novel.0: is not known'],
    ]);
  });
});

describe('the fields of the form', () => {
  const fields = sectionsOf(SUBMIT_SCHEMA, 2).flatMap((section) => section.fields);

  it('are those of the schema, each once, with its description', () => {
    const paths = fields.map(({ path }) => path);
    const wanted = leavesOf(SUBMIT_SCHEMA).flatMap(({ path }) =>
      path.includes('.*.') ? [path.replace('*', '0'), path.replace('*', '1')] : [path],
    );
    expect(paths.toSorted()).toEqual([...wanted, OTHER].toSorted());
    expect(fields.filter(({ help }) => help === '').map(({ path }) => path)).toEqual([]);
    expect(new Set(fields.map(({ label }) => label)).size).toBe(fields.length);
  });

  it('have one that is new tomorrow, without a line of code', () => {
    const properties = {
      ...SUBMIT_SCHEMA.properties,
      cool_down_s: { type: 'number', description: 'Seconds of `rest`. Default 0.' },
      places: { type: 'array', items: { type: 'object' }, description: 'Where it may run.' },
    };
    const later = { ...SUBMIT_SCHEMA, properties };
    expect(sectionsOf(later, 1).at(-1)?.fields.slice(0, 2)).toEqual([
      { path: 'cool_down_s', label: 'Cool down s', kind: 'number', help: 'Seconds of rest.' },
      { path: 'places', label: 'Places', kind: 'json', help: 'Where it may run. As JSON.' },
    ]);
    const body = { command: 'true', cool_down_s: 0.5, places: [{ room: 'A' }] };
    const { draft } = cloneOf(jobOf(body), { schema: later, now: NOW });
    expect([draft['cool_down_s'], draft[OTHER]]).toEqual(['0.5', undefined]);
    expect(bodyOf(draft, later)).toEqual(body);
  });
});

describe('a clone', () => {
  it('has every field of a new job but its id and what the API never shows', () => {
    const { draft, left } = cloneOf(jobOf({ ...FULL, start_at: undefined }), { now: NOW });
    const { id: _, start_at: __, ...wanted } = FULL;
    const webhooks = (wanted['webhooks'] as Record<string, unknown>[]).map(({ secret: ___, ...one }) => one);
    expect(bodyOf(draft)).toEqual({ ...wanted, webhooks });
    expect(left).toEqual([
      { field: 'webhooks.0.secret', why: 'is never shown' },
      { field: 'webhooks.1.secret', why: 'is never shown' },
    ]);
    expect(webhooksOf(draft)).toBe(3);
    expect(draft[OTHER]).toBeUndefined();
  });

  it.each([
    { name: 'two\nlines', command: 'true' },
    { command: ['a b', '', '--x\n'], workdir: ' spaced ' },
    { command: '["looks","so"]' },
    { command: 'a\r\nb', stdin: '\n' },
    { command: 'true', env: { A: ' b ', B: 'c\nd', 'C=': 'e' } },
    { command: 'true', tags: ['a', '', ' b'], artifacts: ['x\ny'] },
    { command: 'true', limits: { grace_s: 0, unheard_of: { a: 1 } }, resources: { exclusive: false, nodes: 2 } },
    { payload: { a: null, b: [] }, metadata: { '': 0 } },
    { command: 'true', webhooks: [{ url: 'https://a' }, { url: ' b ', on: ['failed'] }] },
    { command: 'true', start_at: '2030-01-31T08:00:00.000Z', expires_at: '2030-02-01T08:00:00.001Z' },
    { command: 'true', cron: { pattern: '* * * * *', timezone: 'Europe/Berlin' }, pinned: true, keep_workdir: true },
    { command: 'true', cron: 'a text' },
  ])('is lossless, whatever its fields can hold: %j', (body) => {
    const { draft, left } = cloneOf(jobOf(body), { now: NOW });
    expect(left).toEqual([]);
    const again = bodyOf(draft) as Record<string, unknown>;
    if ('resources' in body) expect(again['resources']).toEqual({ nodes: 2 });
    expect({ ...again, ...('resources' in body ? { resources: body.resources } : {}) }).toEqual(body);
  });

  it('says what is not in it: hidden values, and times that have passed', () => {
    const { draft, left } = cloneOf(
      jobOf({ command: 'true', env: { PASSWORD: '***', LEVEL: '3' }, expires_at: '2028-01-01T00:00:00.000Z' }),
      { now: NOW },
    );
    expect(draft).toEqual({ command: 'true', env: 'PASSWORD=\nLEVEL=3' });
    expect(left).toEqual([
      { field: 'expires_at', why: 'has passed' },
      { field: 'env.PASSWORD', why: 'is not shown' },
    ]);
  });
});
