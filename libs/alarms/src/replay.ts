import { step, type Condition, type Phase } from './step.js';

/** A value of a metric, and when it came. Milliseconds of Unix time. */
export interface Reading {
  at: number;
  value: number;
}

/** A time during which an alarm would have fired. Milliseconds of Unix time. */
export interface Firing {
  /** The condition held from here on. */
  active_at: number;
  fired_at: number;
  /** Null: it still fires. */
  ended_at: number | null;
  /** The value at which it fired; null: it fired because there was none. */
  value: number | null;
}

export interface ReplayOptions {
  /** The entry was looked at from here. */
  from: number;
  /** And up to here. */
  to: number;
  /** The entry ended at `to`, and its alarms with it. */
  ended: boolean;
  /** A reading counts for so long; after that there is no data. */
  countsMs: number;
}

/**
 * The firings of a rule over readings of the past, by the step that the live alarms take each second. It is taken here
 * only at the moments at which its outcome can change: when a reading comes or becomes too old, when `for_s` or
 * `keep_for_s` is over. So it is as exact as if it were taken at every moment.
 */
export class Replay {
  private readonly firings: Firing[] = [];
  private phase: Phase | null = null;
  private last: Reading | null = null;

  constructor(
    private readonly rule: Condition,
    private readonly options: ReplayOptions,
  ) {}

  /** The next reading; they come in the order of their times. */
  push(reading: Reading): void {
    if (!this.last && reading.at > this.options.from) this.without(this.options.from, reading.at);
    this.holdLast(reading.at);
    this.evaluate(reading.value, reading.at);
    this.last = reading;
  }

  /** Nothing comes any more. */
  end(): Firing[] {
    const { from, to, ended } = this.options;
    if (!this.last) this.without(from, to);
    this.holdLast(to);
    const open = this.firings.at(-1);
    if (ended && open) open.ended_at ??= to;
    return this.firings;
  }

  /** The last reading stays as it is, until it is too old. */
  private holdLast(before: number): void {
    if (!this.last) return;
    const { at, value } = this.last;
    const old = at + this.options.countsMs;
    this.hold(value, at, Math.min(before, old));
    if (old < before) this.without(old, before);
  }

  private without(from: number, before: number): void {
    this.evaluate(null, from);
    this.hold(null, from, before);
  }

  private hold(value: number | null, after: number, before: number): void {
    for (let now = after; ;) {
      const due = dueOf(this.rule, this.phase);
      if (due <= now || due >= before) return;
      this.evaluate(value, due);
      now = due;
    }
  }

  private evaluate(value: number | null, now: number): void {
    const before = this.phase;
    const after = step(this.rule, before, value, new Date(now));
    this.phase = after;
    if (after?.state === 'firing' && before?.state !== 'firing')
      this.firings.push({ active_at: after.active_at.getTime(), fired_at: now, ended_at: null, value });
    const open = this.firings.at(-1);
    if (after?.state !== 'firing' && before?.state === 'firing' && open) open.ended_at = now;
  }
}

/** When the phase changes by itself, while the value stays as it is. */
function dueOf(rule: Condition, phase: Phase | null): number {
  if (phase?.state === 'pending') return phase.active_at.getTime() + rule.for_s * 1000;
  if (phase?.keep_since) return phase.keep_since.getTime() + rule.keep_for_s * 1000;
  return Infinity;
}
