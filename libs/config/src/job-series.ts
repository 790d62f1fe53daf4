import { section } from './section.js';
import { integer, seconds } from './variable.js';

/** Which jobs have series of their own in /metrics, for the HPC dialect: so many, however many there are. */
export const jobSeries = section('Jobs in /metrics', {
  runningMax: integer('DROVER_HPC_RUNNING_SERIES_MAX', {
    about:
      'Most jobs that run (and observed ones that wait) with series of their own in /metrics, the newest first. Families of nodes and states count all of them; hpc_exporter_jobs_left_out says how many have none.',
    default: 5_000,
    min: 0,
    max: 20_000,
  }),
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
