export { aggregate } from './counters/aggregate.js';
export {
  applyReading,
  EMPTY,
  seriesOf,
  type Contribution,
  type Reading,
  type Refused,
} from './counters/contribution.js';
export { CountersService } from './counters/counters.service.js';
export { HttpCounters } from './counters/http-counters.js';
export { descOfJob, seconds, size32 } from './counters/job-desc.js';
export type { EndedJob, EndedSink, SettledSink, SourceUpdate, UpdateResult } from './counters/ports.js';
export { compare, fromWire, SeriesTable, toWire, type WireDefs } from './counters/table.js';
export type { Entry, ViewSource } from './counters/view.js';
export { FoundSeries, type FoundEntry } from './found-series.js';
export { JobSamplesService, type SampledJob, type SampleReading } from './job-samples.service.js';
export { JobSeriesService, type JobSeries, type WorkerSeries } from './job-series.service.js';
