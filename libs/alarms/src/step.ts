import type { AlarmRule, AlarmState } from '@drover/domain';

export type Condition = Pick<
  AlarmRule,
  'operator' | 'threshold' | 'clear_threshold' | 'for_s' | 'keep_for_s' | 'no_data'
>;
export type Phase = Pick<AlarmState, 'state' | 'active_at' | 'fired_at' | 'keep_since'>;

/** Strict; equal is exactly equal. */
export function compares(operator: AlarmRule['operator'], value: number, threshold: number): boolean {
  if (operator === '>') return value > threshold;
  if (operator === '<') return value < threshold;
  return value === threshold;
}

function holds(rule: Condition, before: Phase | null, value: number | null): boolean {
  if (value === null) return rule.no_data === 'alarm' || (rule.no_data === 'keep' && before !== null);
  if (compares(rule.operator, value, rule.threshold)) return true;
  return (
    before?.state === 'firing' && rule.clear_threshold !== null && compares(rule.operator, value, rule.clear_threshold)
  );
}

/**
 * One evaluation, as Prometheus does it: pending from the first time the condition holds, firing when it has held for
 * `for_s`, firing on for `keep_for_s` after it stopped. With `for_s` 0 it fires at once. Null: inactive. Pure.
 */
export function step(rule: Condition, before: Phase | null, value: number | null, now: Date): Phase | null {
  let keepSince: Date | null = null;
  if (!holds(rule, before, value)) {
    if (before?.state !== 'firing' || rule.keep_for_s <= 0) return null;
    keepSince = before.keep_since ?? now;
    if (now.getTime() - keepSince.getTime() >= rule.keep_for_s * 1000) return null;
  }
  const after: Phase = before
    ? { ...before, keep_since: keepSince }
    : { state: 'pending', active_at: now, fired_at: null, keep_since: null };
  if (after.state === 'pending' && now.getTime() - after.active_at.getTime() >= rule.for_s * 1000)
    return { ...after, state: 'firing', fired_at: now };
  return after;
}
