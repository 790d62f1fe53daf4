import type { AlarmEntry, SeriesSource } from '@drover/alarms';
import type { Series } from '@drover/domain';
import type { CountersService, Entry } from '@drover/metrics';

/** The counters as the alarms see them. */
export class FoundSeries implements SeriesSource {
  constructor(private readonly counters: CountersService) {}

  refresh(): Promise<void> {
    return this.counters.refresh();
  }

  entries(): AlarmEntry[] {
    return this.counters.entries().map(toAlarmEntry);
  }

  entry(id: string): AlarmEntry | null {
    const entry = this.counters.entry(id);
    return entry && toAlarmEntry(entry);
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

const toAlarmEntry = (entry: Entry): AlarmEntry => ({
  id: entry.id,
  kind: entry.kind,
  queue: entry.queue,
  command: entry.kind === 'job' ? entry.desc.command : '',
});
