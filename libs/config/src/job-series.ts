import { section } from './section.js';
import { integer, seconds } from './variable.js';

/** Which jobs have series of their own in /metrics. Those that run always have. */
export const jobSeries = section('Jobs in /metrics', {
  finishedForS: seconds('DROVER_HPC_FINISHED_SERIES', {
    about: 'How long after its end a job is still in /metrics.',
    default: 3600,
    min: 0,
    max: 30 * 86_400,
  }),
  finishedMax: integer('DROVER_HPC_FINISHED_SERIES_MAX', {
    about: 'Most ended jobs in /metrics.',
    default: 1000,
    min: 0,
    max: 100_000,
  }),
});
