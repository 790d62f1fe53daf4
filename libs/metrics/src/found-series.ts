import { isSampleMetric, SAMPLE_COUNTS_MS, SAMPLE_METRICS, type SampleMetric, type Series } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import { usageStore, type LatestReading, type Store } from '@drover/store';
import type { CountersService } from './counters/counters.service.js';
import type { Entry } from './counters/view.js';

/** A job or node, as an alarm knows it. */
export type FoundEntry = Pick<Entry, 'id' | 'kind' | 'queue'> & { command: string };

/** The counters, and the last samples of jobs, as the alarms see them (`SeriesSource` of libs/alarms). */
export class FoundSeries {
  private readings: ReadonlyMap<string, LatestReading> = new Map();

  constructor(
    private readonly counters: CountersService,
    private readonly store: Store,
  ) {}

  /** `metrics`: the names that will be asked for. Samples are read only when one of them is among these. */
  async refresh(metrics: Iterable<string> = []): Promise<void> {
    await this.counters.refresh();
    if (![...metrics].some(isSampleMetric)) return;
    const jobs = this.counters.entries().flatMap(({ kind, id }) => (kind === 'job' && isUuid(id) ? [id] : []));
    this.readings = await usageStore.latest(this.store.sql, jobs, SAMPLE_COUNTS_MS);
  }

  entries(): FoundEntry[] {
    return this.counters.entries().map(toFoundEntry);
  }

  entry(id: string): FoundEntry | null {
    const entry = this.counters.entry(id);
    return entry && toFoundEntry(entry);
  }

  /** Looks a name up among series that are sorted by it. */
  find(id: string, metric: string): Series | null {
    const entry = this.counters.entry(id);
    if (!entry) return null;
    const series = this.counters.seriesOf(entry);
    let low = 0;
    let high = series.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((series[middle] as Series).name < metric) low = middle + 1;
      else high = middle;
    }
    if (series[low]?.name === metric) return series[low] as Series;
    return isSampleMetric(metric) ? this.sampled(id, metric) : null;
  }

  private sampled(id: string, metric: SampleMetric): Series | null {
    const value = this.readings.get(id)?.[SAMPLE_METRICS[metric]] ?? null;
    return value === null
      ? null
      : { name: metric, doc: '', type: 'gauge', min: value, max: value, hits: 1, total: value };
  }
}

const toFoundEntry = (entry: Entry): FoundEntry => ({
  id: entry.id,
  kind: entry.kind,
  queue: entry.queue,
  command: entry.kind === 'job' ? entry.desc.command : '',
});
