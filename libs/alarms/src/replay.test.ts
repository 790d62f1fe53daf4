import { describe, expect, it } from 'vitest';
import { Replay, type Firing, type Reading, type ReplayOptions } from './replay.js';
import { step, type Condition, type Phase } from './step.js';

const rule = (more: Partial<Condition> = {}): Condition => ({
  operator: '>',
  threshold: 10,
  clear_threshold: null,
  for_s: 0,
  keep_for_s: 0,
  no_data: 'ok',
  ...more,
});

function replay(condition: Condition, readings: Reading[], options: ReplayOptions): Firing[] {
  const past = new Replay(condition, options);
  for (const reading of readings) past.push(reading);
  return past.end();
}

/** The same by a step at each second, as the live alarms do. */
function live(condition: Condition, readings: Reading[], to: number, countsMs: number): Firing[] {
  const firings: Firing[] = [];
  let phase: Phase | null = null;
  for (let now = 0; now < to; now += 1000) {
    const reading = readings.findLast(({ at }) => at <= now);
    const value = reading && now < reading.at + countsMs ? reading.value : null;
    const before: Phase | null = phase;
    phase = step(condition, before, value, new Date(now));
    if (phase?.state === 'firing' && before?.state !== 'firing')
      firings.push({ active_at: phase.active_at.getTime(), fired_at: now, ended_at: null, value });
    const open = firings.at(-1);
    if (open && phase?.state !== 'firing' && before?.state === 'firing') open.ended_at = now;
  }
  const open = firings.at(-1);
  if (open) open.ended_at ??= to;
  return firings;
}

describe('a rule over readings of the past', () => {
  it('fires when the live alarm would have, whatever the rule and however far apart the readings are', () => {
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    let fired = 0;
    for (let n = 0; n < 400; n += 1) {
      const condition = rule({
        operator: (['>', '<', '='] as const)[random(3)] ?? '>',
        for_s: random(6),
        keep_for_s: random(6),
        clear_threshold: random(2) === 0 ? null : 8,
        no_data: (['ok', 'alarm', 'keep'] as const)[random(3)] ?? 'ok',
      });
      const readings: Reading[] = [];
      for (let at = random(8); at < 90; at += 1 + random(9)) readings.push({ at: at * 1000, value: 7 + random(6) });
      const firings = replay(condition, readings, { from: 0, to: 100_000, ended: true, countsMs: 5_000 });
      expect(firings, JSON.stringify({ condition, readings })).toEqual(live(condition, readings, 100_000, 5_000));
      fired += firings.length;
    }
    expect(fired).toBeGreaterThan(500);
  });

  it('still fires at the end of what is known while its job runs', () => {
    const readings = [{ at: 1_000, value: 11 }];
    expect(replay(rule(), readings, { from: 0, to: 5_000, ended: false, countsMs: 60_000 })).toEqual([
      { active_at: 1_000, fired_at: 1_000, ended_at: null, value: 11 },
    ]);
  });
});
