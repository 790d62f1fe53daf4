import { moreIsBetter, spreadOf, type Spread } from './numbers.js';
import { HEAD, ratioOf, verdict, type Figure } from './results.js';

function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

const range = (spread: Spread, format: (value: number) => string): string =>
  spread.min === spread.max ? '' : `${format(spread.min)}..${format(spread.max)}`;

const percent = (value: number): string => `${Math.round(value * 100)} %`;
const times = (value: number): string => `${value.toFixed(2)} x`;

/**
 * The table: a figure in a line, and below it each side it is compared with. The last columns say how the figure stands
 * to that side: percent of a floor, times another broker.
 */
export function table(figures: readonly Figure[], rivals: ReadonlySet<string>): string {
  const lines: string[][] = [];
  let group = '';
  for (const figure of figures) {
    if (figure.group !== group) {
      if (lines.length > 0) lines.push([]);
      lines.push([`${figure.group}:`]);
      group = figure.group;
    }
    for (const [side, all] of figure.sides) {
      const values = all.filter((value) => !Number.isNaN(value));
      if (values.length === 0) continue;
      const spread = spreadOf(values);
      const cells = [`${number(spread.median)} ${figure.unit}`, range(spread, number)];
      if (side !== HEAD && !figure.sides.has(HEAD)) lines.push([`  ${figure.name}`]);
      if (side === HEAD) lines.push([`  ${figure.name}`, ...cells, '', '', figure.aim ?? '']);
      else lines.push([`      ${side}`, ...cells, ...comparison(figure, side, rivals)]);
    }
  }
  const head = ['figure', 'median', 'spread', 'ours to it', 'spread', 'aim or verdict'];
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function comparison(figure: Figure, side: string, rivals: ReadonlySet<string>): string[] {
  const ratio = ratioOf(figure, side);
  if (ratio === null) return [];
  const rival = rivals.has(side);
  const format = rival || !moreIsBetter(figure.unit) ? times : percent;
  return [format(ratio.median), range(ratio, format), rival ? verdict(figure, side) : ''];
}

/** One object for programs: each figure with all its values. */
export function asJson(figures: readonly Figure[], about: object): object {
  return {
    ...about,
    figures: figures.map((figure) => ({
      group: figure.group,
      measure: figure.measure,
      name: figure.name,
      unit: figure.unit,
      better: moreIsBetter(figure.unit) ? 'more' : 'less',
      ...(figure.aim === undefined ? {} : { aim: figure.aim }),
      sides: Object.fromEntries(
        [...figure.sides].map(([side, values]) => [
          side,
          {
            values,
            ...spreadOf(values.filter((value) => !Number.isNaN(value))),
            ...(side === HEAD ? {} : { ratio: ratioOf(figure, side), verdict: verdict(figure, side) }),
          },
        ]),
      ),
    })),
  };
}
