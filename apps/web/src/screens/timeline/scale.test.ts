import { describe, expect, it } from 'vitest';
import { askedOf, placeOf, ticksIn, ticksOf, viewOf } from './scale.js';

const HOUR = 3_600_000;
const NOON = Date.parse('2030-01-31T12:00:00Z');

describe('the period of a timeline', () => {
  it('is the address', () => {
    expect(askedOf(new URLSearchParams('period=7d&queue=gpu&node='))).toEqual({
      period: '7d',
      lengthMs: 7 * 24 * HOUR,
      to: null,
      queue: 'gpu',
      node: null,
    });
    expect(askedOf(new URLSearchParams('from=2030-01-31T10:00:00Z&to=2030-01-31T12:00:00Z'))).toMatchObject({
      period: null,
      lengthMs: 2 * HOUR,
      to: NOON,
    });
  });

  it.each(['', 'period=nonsense', 'from=x&to=y', 'from=2030-01-31T10:00:00Z'])('is the last hour for "%s"', (text) => {
    expect(askedOf(new URLSearchParams(text))).toMatchObject({ period: '1h', lengthMs: HOUR, to: null });
  });

  it('shows what is to come only where it ends now', () => {
    expect(viewOf({ lengthMs: HOUR, to: null }, NOON).to).toBeGreaterThan(NOON);
    expect(viewOf({ lengthMs: HOUR, to: NOON }, NOON + HOUR)).toEqual({ from: NOON - HOUR, to: NOON });
  });
});

describe('a place on a timeline', () => {
  const view = { from: 0, to: 1_000 };

  it('is cut at the ends of the view, and wide enough to be seen', () => {
    expect(placeOf(250, 750, view)).toEqual({ left: '25.000%', width: '50.000%' });
    expect(placeOf(-500, 100, view)).toEqual({ left: '0.000%', width: '10.000%' });
    expect(placeOf(500, 500, view, 0.2)).toEqual({ left: '50.000%', width: '0.200%' });
    expect(placeOf(1_100, 1_200, view)).toBeNull();
  });

  it.each([
    [60_000, 15_000],
    [HOUR, 600_000],
    [24 * HOUR, 6 * HOUR],
    [30 * 24 * HOUR, 7 * 24 * HOUR],
  ])('has ticks at round times over %i ms', (length, step) => {
    const ticks = ticksOf({ from: NOON - length, to: NOON }, 6, 0);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(ticks[0]?.step).toBe(step);
    expect(ticks.every(({ at }) => at % step === 0)).toBe(true);
  });

  it.each([
    [360, 4],
    [1_200, 7],
    [0, 2],
  ])('has as many ticks on %i pixels as have room', (width, most) => {
    expect(ticksIn(width)).toBe(most);
  });

  it('has days that begin at the midnight of the reader', () => {
    const [first] = ticksOf({ from: NOON - 5 * 24 * HOUR, to: NOON }, 6, -60);
    expect(new Date(first?.at ?? 0).toISOString()).toBe('2030-01-26T23:00:00.000Z');
  });
});
