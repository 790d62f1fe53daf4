import { describe, expect, it } from 'vitest';
import type { AlarmRule } from '@drover/domain';
import { isSilenced, labelsOf, matches } from './labels.js';
import { noticesFor, type Alert } from './notices.js';

const at = new Date('2026-01-01T00:00:00Z');
const rule = (name: string, more: Partial<AlarmRule> = {}): AlarmRule => ({
  id: `id-${name}`,
  name,
  target_kind: 'entry',
  target: 'main',
  metric: 'm',
  operator: '>',
  threshold: 1,
  clear_threshold: null,
  for_s: 0,
  keep_for_s: 0,
  no_data: 'ok',
  severity: 'warning',
  labels: { team: 'a' },
  annotations: { summary: 's' },
  group_by: ['alertname'],
  repeat_s: 60,
  actions: [{ type: 'webhook', url: 'http://x/' }],
  enabled: true,
  owner: '',
  project: 'default',
  created_at: at,
  updated_at: at,
  ...more,
});
const alert = (of: AlarmRule, entry: string, more: Partial<Alert> = {}): Alert => ({
  rule: of,
  labels: labelsOf(of, { id: entry, kind: entry === 'main' ? 'main' : 'job', queue: 'q', command: 'c' }),
  status: 'firing',
  news: true,
  startsAt: at,
  endsAt: null,
  value: 2,
  ...more,
});

describe('notices', () => {
  it("are one message a receiver and group, in Alertmanager's format", () => {
    const hot = rule('hot');
    const [notice, ...others] = noticesFor([alert(hot, 'j1'), alert(hot, 'j2', { news: false })], 'http://drover', at);
    expect(others).toEqual([]);
    expect(notice?.payload).toEqual({
      version: '4',
      groupKey: '{}:{alertname="hot"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'webhook:http://x/',
      groupLabels: { alertname: 'hot' },
      commonLabels: { team: 'a', queue: 'q', command: 'c', alertname: 'hot', severity: 'warning', metric: 'm' },
      commonAnnotations: { summary: 's', value: '2' },
      externalURL: 'http://drover',
      alerts: ['j1', 'j2'].map((job) => ({
        status: 'firing',
        labels: {
          team: 'a',
          job,
          queue: 'q',
          command: 'c',
          alertname: 'hot',
          severity: 'warning',
          entry: job,
          metric: 'm',
        },
        annotations: { summary: 's', value: '2' },
        startsAt: '2026-01-01T00:00:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://drover/api/v1/alarms/id-hot',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      })),
    });
  });

  it('are not sent without news', () =>
    expect(noticesFor([alert(rule('hot'), 'main', { news: false })], '', at)).toEqual([]));

  it('are resolved only when nothing of the group fires any more', () => {
    const hot = rule('hot');
    const over = alert(hot, 'j1', { status: 'resolved', endsAt: at });
    expect(noticesFor([over, alert(hot, 'j2', { news: false })], '', at)[0]?.payload.status).toBe('firing');
    expect(noticesFor([over], '', at)[0]?.payload.status).toBe('resolved');
  });

  it('group by the labels a rule names', () => {
    const by = (group_by: string[]): number =>
      noticesFor([alert(rule('a', { group_by }), 'j1'), alert(rule('b', { group_by }), 'j2')], '', at).length;
    expect([by(['alertname']), by(['severity']), by([]), by(['entry'])]).toEqual([2, 1, 1, 2]);
  });

  it('hold at most 500 alerts and count the rest', () => {
    const hot = rule('hot');
    const payload = noticesFor(
      Array.from({ length: 600 }, (_, i) => alert(hot, `j${i}`)),
      '',
      at,
    )[0]?.payload;
    expect([payload?.alerts.length, payload?.truncatedAlerts]).toEqual([500, 100]);
  });
});

describe('a silence', () => {
  const labels = { alertname: 'hot disk', severity: 'critical' };
  it.each([
    ['hot disk', false, true],
    ['hot', false, false],
    ['hot*', true, true],
    ['*disk', true, true],
    ['*o*d*k', true, true],
    ['h*x', true, false],
    ['hot*t disk', true, false],
    ['*', true, true],
  ])('%s (glob %s) matches: %s', (value, glob, expected) =>
    expect(matches({ name: 'alertname', value, glob, equal: true }, labels)).toBe(expected),
  );

  it('needs all its matchers, and is over when its time is', () => {
    const silence = (ends: string, equal = true): Parameters<typeof isSilenced>[0] => [
      {
        id: '1',
        matchers: [
          { name: 'severity', value: 'critical', glob: false, equal },
          { name: 'alertname', value: 'hot*', glob: true, equal: true },
        ],
        starts_at: at,
        ends_at: new Date(ends),
        comment: '',
        owner: '',
        project: 'default',
        created_at: at,
      },
    ];
    expect(isSilenced(silence('2026-01-02'), labels, at)).toBe(true);
    expect(isSilenced(silence('2026-01-02', false), labels, at)).toBe(false);
    expect(isSilenced(silence('2026-01-01'), labels, at)).toBe(false);
  });
});
