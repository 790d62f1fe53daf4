import { percentileOf } from './percentiles.js';

/** The base of a forecast. */
export interface Situation {
  /** Jobs that are handed out before this one. */
  ahead: number;
  /** Slots of the workers that serve the queue and take work. */
  slots: number;
  /** For how long the slots that are taken have been so, in seconds. */
  taken: number[];
  /** How long runs took, in seconds. */
  runs: number[];
}

/** When a job will start, from now on, in seconds. */
export interface Forecast {
  p50_s: number;
  p90_s: number;
}

/** Fewer runs say nothing. */
export const LEAST_RUNS = 5;
const TRIES = 60;
/** Further jobs are thought to go on as so many did. */
const MOST_AHEAD = 1_000;
const MOST_SLOTS = 1_000;

/**
 * Plays through what is ahead of a job many times: each slot is free after the rest of its run, each job takes as long
 * as one of the last runs did. Null: there is no base.
 */
export function forecast({ ahead, slots, taken, runs }: Situation): Forecast | null {
  if (slots === 0) return null;
  const free = slots - taken.length;
  if (free > 0 && ahead < free) return { p50_s: 0, p90_s: 0 };
  if (runs.length < LEAST_RUNS) return null;
  const sorted = [...runs].sort((a, b) => a - b);
  const random = seeded(ahead * 7_919 + slots);
  const played = Math.min(ahead, MOST_AHEAD);
  const starts: number[] = [];
  for (let n = 0; n < TRIES; n += 1) {
    const ends = taken.slice(0, MOST_SLOTS).map((since) => rest(sorted, since, random));
    for (let at = ends.length; at < Math.min(slots, MOST_SLOTS); at += 1) ends.push(0);
    const first = starting(ends, played, () => pick(sorted, random));
    starts.push(ahead > played ? first * (ahead / played) : first);
  }
  return { p50_s: percentileOf(starts, 0.5) ?? 0, p90_s: percentileOf(starts, 0.9) ?? 0 };
}

/** When the job behind `ahead` others starts on slots that are free at these times. */
function starting(ends: number[], ahead: number, length: () => number): number {
  const heap = ends.sort((a, b) => a - b);
  for (let n = 0; n < ahead; n += 1) {
    heap[0] = (heap[0] ?? 0) + length();
    sink(heap);
  }
  return heap[0] ?? 0;
}

/** Puts the first of a heap where it belongs. */
function sink(heap: number[]): void {
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let least = at;
    if ((heap[left] ?? Infinity) < (heap[least] as number)) least = left;
    if ((heap[right] ?? Infinity) < (heap[least] as number)) least = right;
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least] as number, heap[at] as number];
    at = least;
  }
}

const pick = (sorted: number[], random: () => number): number => sorted[Math.floor(random() * sorted.length)] ?? 0;

/**
 * How long a run goes on that has run for so long: as those did that were longer. One that is longer than all goes on
 * as long as it has.
 */
function rest(sorted: number[], since: number, random: () => number): number {
  const from = sorted.findIndex((run) => run > since);
  if (from < 0) return since * random();
  return (sorted[from + Math.floor(random() * (sorted.length - from))] ?? since) - since;
}

/** The same numbers for the same situation: a forecast that jumps at each look helps nobody. */
function seeded(seed: number): () => number {
  let state = (seed >>> 0) + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A length of time for people: `12 s`, `3 min`, `1.5 h`, `2 d`. */
export function spell(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Number((seconds / 3_600).toFixed(1))} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
