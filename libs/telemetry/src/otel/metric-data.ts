import { ValueType, type HrTime } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type DataPoint, type MetricData } from '@opentelemetry/sdk-metrics';
import type { MetricReading } from '../metrics.js';

type Labels = Record<string, string | number>;
type Value = MetricReading['values'][number];

const UNITS: readonly [RegExp, string][] = [
  [/_seconds(_total)?$/, 's'],
  [/_bytes(_total)?$/, 'By'],
];

const unitOf = (name: string): string => UNITS.find(([ends]) => ends.test(name))?.[1] ?? '';

/** The metrics of this process as OpenTelemetry has them: counters are cumulative since the start of the process. */
export function metricData(readings: readonly MetricReading[], startTime: HrTime, endTime: HrTime): MetricData[] {
  return readings.flatMap((reading): MetricData[] => {
    const common = {
      descriptor: {
        name: reading.name,
        description: reading.help,
        unit: unitOf(reading.name),
        valueType: ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    const points = (): DataPoint<number>[] =>
      reading.values.map(({ labels, value }) => ({ startTime, endTime, attributes: { ...labels }, value }));
    if (reading.type === 'counter')
      return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() }];
    if (reading.type === 'gauge') return [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints: points() }];
    if (reading.type !== 'histogram') return [];
    return [
      {
        ...common,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: histograms(reading.values).map(({ attributes, ...value }) => ({
          startTime,
          endTime,
          attributes,
          value,
        })),
      },
    ];
  });
}

interface HistogramOf {
  attributes: Labels;
  buckets: { boundaries: number[]; counts: number[] };
  sum: number;
  count: number;
}

/** Puts the buckets, sums and counts of one name together, series by series. */
function histograms(values: readonly Value[]): HistogramOf[] {
  const series = new Map<string, HistogramOf & { last: number }>();
  for (const { labels, value, metricName = '' } of values) {
    const { le, ...attributes } = labels as Labels;
    const key = JSON.stringify(Object.entries(attributes).sort());
    let one = series.get(key);
    if (!one) {
      one = { attributes, buckets: { boundaries: [], counts: [] }, sum: 0, count: 0, last: 0 };
      series.set(key, one);
    }
    if (metricName.endsWith('_sum')) one.sum = value;
    else if (metricName.endsWith('_count')) one.count = value;
    else {
      // Prometheus counts upwards over the buckets; the last of them has no upper limit.
      if (le !== '+Inf') one.buckets.boundaries.push(Number(le));
      one.buckets.counts.push(value - one.last);
      one.last = value;
    }
  }
  return [...series.values()].map(({ last: _, ...one }) => one);
}
