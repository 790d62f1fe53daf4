import type { AlarmOperator, Series } from '@drover/domain';

/** Shortest digits that read back the same, whole numbers without a fraction, never an exponent; NaN for no data. */
export function plainNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  if (point >= all.length) return sign + all + '0'.repeat(point - all.length);
  return `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

/** An alarm in one line, character for character as clients of the metric proxy know it. */
export function pretty(
  name: string,
  metric: string,
  series: Series | null,
  operator: AlarmOperator,
  threshold: number,
): string {
  const rule = `${operator} ${plainNumber(threshold)}`;
  if (series?.type === 'counter')
    return `${name} : ${metric} (${series.doc}) = ${plainNumber(series.value)} COUNTER ${rule}`;
  const { doc = '', min = 0, max = 0, hits = 0, total = 0 } = series ?? {};
  const current = hits > 0 ? total / hits : null;
  const numbers = `(Min: ${plainNumber(min)}, Max : ${plainNumber(max)}, Hits: ${plainNumber(hits)}, Total : ${plainNumber(total)})`;
  return `${name} : ${metric} (${doc}) = ${plainNumber(current)} ${numbers} GAUGE ${rule}`;
}
