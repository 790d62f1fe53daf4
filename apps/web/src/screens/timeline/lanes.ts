import type { Timeline, TimelineBar, TimelineBucket } from '../../api/types.js';
import type { Tone } from '../../ui/state.js';

/** A node with more slots shows so many lanes, and those that are taken. */
const MOST_FREE = 16;

/** A node as it is drawn. */
export interface NodeLanes {
  name: string;
  /** The bars of each slot, from the first; empty where the period is told in numbers. */
  lanes: TimelineBar[][];
  buckets: TimelineBucket[];
  lost: Timeline['lost'];
  drained: Timeline['drained'];
  offline: Timeline['offline'];
  slots: number;
}

/** The nodes of a timeline, each with a lane for every slot. */
export function lanesOf({ nodes, bars, buckets, lost, drained, offline }: Timeline): NodeLanes[] {
  return nodes.map(({ name, slots }) => {
    const own = (bars ?? []).filter(({ node }) => node === name);
    const count = bars === null ? 0 : Math.max(1, Math.min(slots, MOST_FREE), ...own.map(({ slot }) => slot));
    const lanes = Array.from({ length: count }, (): TimelineBar[] => []);
    for (const bar of own) lanes[bar.slot - 1]?.push(bar);
    return {
      name,
      slots,
      lanes,
      buckets: buckets.filter(({ node }) => node === name),
      lost: lost.filter(({ node }) => node === name),
      drained: drained.filter(({ node }) => node === name),
      offline: offline.filter(({ node }) => node === name),
    };
  });
}

const TONES: Readonly<Record<string, Tone>> = { running: 'run', succeeded: 'good', cancelled: 'off', expired: 'late' };

/** The colour of an outcome: running, succeeded, or the cause of an end. */
export const toneOf = (outcome: string): Tone => TONES[outcome] ?? 'bad';

/** The share of each colour in a part of the period, the good ones first. */
export function sharesOf({ outcomes }: Pick<TimelineBucket, 'outcomes'>): { tone: Tone; count: number }[] {
  const counts = new Map<Tone, number>();
  for (const [outcome, count] of Object.entries(outcomes))
    counts.set(toneOf(outcome), (counts.get(toneOf(outcome)) ?? 0) + count);
  return (['good', 'run', 'off', 'late', 'bad'] as const).flatMap((tone) => {
    const count = counts.get(tone) ?? 0;
    return count === 0 ? [] : [{ tone, count }];
  });
}

/** A part of the period in words: how many began in it, and how they ended. */
export function bucketWords({ outcomes, busy, estimated }: TimelineBucket): string {
  const all = Object.entries(outcomes).map(([outcome, count]) => `${count.toLocaleString()} ${outcome}`);
  return `${estimated ? 'about ' : ''}${all.join(', ')}; ${busy} slots busy on average`;
}
