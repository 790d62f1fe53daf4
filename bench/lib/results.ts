import { moreIsBetter, spreadOf, type Row, type Spread } from './numbers.js';

/** The name of the tree that is measured, among the sides of a figure. */
export const HEAD = 'drover';

/** One figure: the values of each side, round by round. */
export interface Figure {
  /** The ticket store, or the part of the bench. */
  group: string;
  measure: string;
  name: string;
  unit: string;
  aim?: string;
  /** Side to values; the value of round n stands at n, NaN where that round gave none. */
  sides: Map<string, number[]>;
}

/** Collects what the rounds gave. Figures keep the order in which they came first. */
export class Results {
  /** Sides that are brokers as well, and no floors: a verdict stands beside them. */
  readonly rivals = new Set<string>();
  /** Sentences to be read beside the figures. */
  readonly notes = new Set<string>();
  private readonly figures = new Map<string, Figure>();

  add(group: string, measure: string, side: string, round: number, rows: readonly Row[]): void {
    for (const row of rows) {
      this.put(this.figure(group, measure, row), side, round, row.value);
      if (row.floor !== undefined && row.floorName !== undefined)
        this.put(this.figure(group, measure, row), side === HEAD ? row.floorName : '', round, row.floor);
    }
  }

  list(): Figure[] {
    return [...this.figures.values()];
  }

  private figure(group: string, measure: string, row: Row): Figure {
    const key = `${group}\0${measure}\0${row.name}`;
    let figure = this.figures.get(key);
    if (figure === undefined) {
      figure = { group, measure, name: row.name, unit: row.unit, sides: new Map() };
      this.figures.set(key, figure);
    }
    if (row.aim !== undefined) figure.aim = row.aim;
    return figure;
  }

  /** A side without a name is left out: the floor of a row of the base is that of the head, measured once more. */
  private put(figure: Figure, side: string, round: number, value: number): void {
    if (side === '') return;
    let values = figure.sides.get(side);
    if (values === undefined) figure.sides.set(side, (values = []));
    while (values.length < round) values.push(Number.NaN);
    values[round] = value;
  }
}

/** The head's values divided by another side's, pair by pair: both of one round. */
export function ratioOf(figure: Figure, side: string): Spread | null {
  const ours = figure.sides.get(HEAD) ?? [];
  const theirs = figure.sides.get(side) ?? [];
  const pairs = ours.map((value, round) => value / (theirs[round] ?? Number.NaN)).filter(Number.isFinite);
  return pairs.length === 0 ? null : spreadOf(pairs);
}

/** Fewer rounds say nothing about chance. */
const ENOUGH_ROUNDS = 3;
/** A smaller difference is nobody's concern, however often it is seen. */
const LEAST_DIFFERENCE = 0.03;

/**
 * Better or worse only where the worst round of one side beats the best of the other. Two sides alike come out so in
 * one figure of ten with three rounds by chance, in one of a hundred with five.
 */
export function verdict(figure: Figure, side: string): 'better' | 'worse' | 'alike' | '' {
  const [ours, theirs] = [HEAD, side].map((name) => figure.sides.get(name)?.filter(Number.isFinite) ?? []);
  if (ours === undefined || theirs === undefined || Math.min(ours.length, theirs.length) < ENOUGH_ROUNDS) return '';
  const [a, b] = [spreadOf(ours), spreadOf(theirs)];
  const overlap = a.min <= b.max && b.min <= a.max;
  if (overlap || Math.abs(a.median / b.median - 1) < LEAST_DIFFERENCE) return 'alike';
  return a.median > b.median === moreIsBetter(figure.unit) ? 'better' : 'worse';
}

/**
 * One sentence for each figure in which a rival is ahead: where the rounds are sure of it, or however close where all
 * are asked for.
 */
export function losses(figures: readonly Figure[], rivals: ReadonlySet<string>, all: boolean): string[] {
  return figures.flatMap((figure) =>
    [...figure.sides.keys()].flatMap((side) => {
      const ratio = rivals.has(side) ? ratioOf(figure, side) : null;
      if (ratio === null || ratio.median === 1 || ratio.median > 1 === moreIsBetter(figure.unit)) return [];
      if (!all && verdict(figure, side) !== 'worse') return [];
      const sure = { better: '', worse: '', alike: ', within the spread', '': ', too few rounds to be sure' };
      const said = `${figure.name} (${figure.group}): ${side} is ahead, ours is ${ratio.median.toFixed(2)} x its figure`;
      return [`${said}${sure[verdict(figure, side)]}.`];
    }),
  );
}
