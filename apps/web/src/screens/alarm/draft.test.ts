import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../api/types.js';
import { addressOf, bodyOf, conditionOf, draftOf, faultsByField, NEW_DRAFT, secondsOf, withAddress } from './draft.js';

const ALARM = {
  id: 'x',
  name: 'memory',
  target: null,
  queue: null,
  command: 'make all',
  metric: 'job_memory_bytes',
  operator: '>',
  threshold: 5e8,
  clear_threshold: 4e8,
  for_s: 30,
  keep_for_s: 0,
  no_data: 'keep',
  severity: 'critical',
  labels: { team: 'a=b' },
  annotations: {},
  group_by: ['alertname', 'queue'],
  repeat_s: 14_400,
  actions: [
    { type: 'webhook', url: 'https://example.org/x' },
    { type: 'mail', to: ['a@example.org', 'b@example.org'] },
  ],
  enabled: true,
} as unknown as Alarm;

describe('a draft', () => {
  it('of an alarm makes the same alarm', () => {
    expect(bodyOf(draftOf(ALARM))).toEqual({
      name: 'memory',
      command: 'make all',
      metric: 'job_memory_bytes',
      operator: '>',
      threshold: 5e8,
      clear_threshold: 4e8,
      for_s: 30,
      no_data: 'keep',
      severity: 'critical',
      labels: { team: 'a=b' },
      group_by: ['alertname', 'queue'],
      repeat_s: 14_400,
      actions: ALARM.actions,
      enabled: true,
    });
  });

  it('leaves out what is empty, and sends what is no number as it was typed', () => {
    const draft = { ...NEW_DRAFT, name: 'a', watched: '', metric: ' ', threshold: '' };
    expect(bodyOf(draft)).toEqual({
      name: 'a',
      operator: '>',
      no_data: 'ok',
      severity: 'warning',
      enabled: true,
      actions: [],
    });
    expect(conditionOf(draft)).toBeNull();
    expect(conditionOf({ ...NEW_DRAFT, threshold: 'much', for_s: 'long' })).toMatchObject({
      threshold: 'much',
      for_s: 'long',
    });
  });

  it('is in the address as far as it differs from the one before, without receivers', () => {
    const first = draftOf(ALARM);
    const draft = { ...first, threshold: '7', actions: [], severity: 'info' };
    const address = addressOf(draft, first, new URLSearchParams('x=start'));
    expect(address.toString()).toBe('x=start&threshold=7');
    expect(withAddress(first, address)).toEqual({ ...first, threshold: '7' });
    expect(withAddress(first, new URLSearchParams('scope=nothing&labels=a'))).toEqual(first);
    expect(addressOf(first, first, address).toString()).toBe('x=start');
  });

  it.each([
    ['90', 90],
    ['90s', 90],
    ['1.5m', 90],
    [' 2h ', 7_200],
    ['1d', 86_400],
    ['soon', 'soon'],
  ])('takes %j as seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  it('has each fault at its field', () => {
    const faults = [
      { field: 'target', message: 'give one of target, queue and command' },
      { field: 'actions.1.url', message: 'is missing' },
      { field: 'threshold', message: 'must be a number' },
      { field: 'window_s', message: 'is too long' },
    ];
    expect([...faultsByField(faults, new Set(['watched', 'threshold']))]).toEqual([
      ['watched', 'give one of target, queue and command'],
      ['actions.1', 'is missing'],
      ['threshold', 'must be a number'],
      ['', 'window_s: is too long'],
    ]);
  });
});
