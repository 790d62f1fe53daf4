const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths of a period, with their names in the address. */
export const PERIODS = [
  ['1m', MINUTE],
  ['10m', 10 * MINUTE],
  ['1h', HOUR],
  ['6h', 6 * HOUR],
  ['1d', DAY],
  ['7d', 7 * DAY],
  ['30d', 30 * DAY],
] as const;
type PeriodName = (typeof PERIODS)[number][0];

const USUAL: [PeriodName, number] = ['1h', HOUR];
/** A period that ends now has this share of it for what is to come. */
const AHEAD = 0.12;
const STEPS = [1, 5, 15, 30]
  .map((count) => count * SECOND)
  .concat(
    [1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
    [1, 2, 3, 6, 12].map((count) => count * HOUR),
    [1, 2, 7, 14].map((count) => count * DAY),
  );

/** The demand of an address: a length, an end, a queue, a node. */
export interface Asked {
  period: PeriodName | null;
  lengthMs: number;
  /** Milliseconds since 1970. Null: now. */
  to: number | null;
  queue: string | null;
  node: string | null;
}

/** Reads the address. A period between two times has no name; one that cannot be read is the last hour. */
export function askedOf(search: URLSearchParams): Asked {
  const end = Date.parse(search.get('to') ?? '');
  const to = Number.isNaN(end) ? null : end;
  const begin = Date.parse(search.get('from') ?? '');
  const of = { to, queue: search.get('queue') || null, node: search.get('node') || null };
  if (to !== null && begin < to && to - begin <= 366 * DAY) return { ...of, period: null, lengthMs: to - begin };
  const [period, lengthMs] = PERIODS.find(([name]) => name === search.get('period')) ?? USUAL;
  return { ...of, period, lengthMs };
}

/** The time that is drawn, in milliseconds since 1970. */
export interface View {
  from: number;
  to: number;
}

/** A period that ends now shows a little of what is to come, too. */
export const viewOf = ({ lengthMs, to }: Pick<Asked, 'lengthMs' | 'to'>, now: number): View =>
  to === null ? { from: now - lengthMs, to: now + lengthMs * AHEAD } : { from: to - lengthMs, to };

/** Where a stretch of time lies, in percent of the width. Null: outside. `least`: a stretch is drawn at least so wide. */
export function placeOf(from: number, to: number, view: View, least = 0): { left: string; width: string } | null {
  if (to < view.from || from > view.to) return null;
  const whole = view.to - view.from;
  const left = ((Math.max(from, view.from) - view.from) / whole) * 100;
  const width = ((Math.min(to, view.to) - Math.max(from, view.from)) / whole) * 100;
  return { left: `${left.toFixed(3)}%`, width: `${Math.max(least, width).toFixed(3)}%` };
}

/** The room of a tick's words, pixels. */
const TICK_PX = 88;

/** So many ticks have room side by side; few are enough. */
export const ticksIn = (widthPx: number): number => Math.min(7, Math.max(2, Math.floor(widthPx / TICK_PX)));

/**
 * Round times within the view, at most `most` of them. `offsetMin`: how far the reader's clock is behind UTC, in
 * minutes, so that days begin at their midnight.
 */
export function ticksOf({ from, to }: View, most: number, offsetMin: number): { at: number; step: number }[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? 30 * DAY;
  const shift = offsetMin * MINUTE;
  const ticks: { at: number; step: number }[] = [];
  for (let at = Math.ceil((from - shift) / step) * step + shift; at <= to && ticks.length <= most; at += step)
    ticks.push({ at, step });
  return ticks;
}

/** A tick as the reader's clock says it: days as a date, minutes without seconds. */
export function tickWords({ at, step }: { at: number; step: number }): string {
  const time = new Date(at);
  if (step >= DAY) return time.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  return time.toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(step < MINUTE ? { second: '2-digit' } : {}),
  });
}
