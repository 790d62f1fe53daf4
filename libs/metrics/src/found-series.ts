import type { Series } from '@drover/domain';
import type { CountersService } from './counters/counters.service.js';
import type { Entry } from './counters/view.js';

/** A job or node, as an alarm knows it. */
export type FoundEntry = Pick<Entry, 'id' | 'kind' | 'queue'> & { command: string };

/** The counters as the alarms see them (`SeriesSource` of libs/alarms). */
export class FoundSeries {
  constructor(private readonly counters: CountersService) {}

  refresh(): Promise<void> {
    return this.counters.refresh();
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
    return series[low]?.name === metric ? (series[low] as Series) : null;
  }
}

const toFoundEntry = (entry: Entry): FoundEntry => ({
  id: entry.id,
  kind: entry.kind,
  queue: entry.queue,
  command: entry.kind === 'job' ? entry.desc.command : '',
});
