import { integer, oneOf, section, text } from '@drover/config';
import { whenSet } from '../../v1-jobs/src/config.js';

/** The Flux RESTful dialect; upstream's own names, so that its deployments' environment files fit. */
export const fluxSettings = section('Flux RESTful', {
  numberNodes: integer('FLUX_NUMBER_NODES', {
    about: 'Nodes a job may ask for, where fewer workers are connected at the moment.',
    default: 1,
    min: 1,
    max: 100_000,
  }),
  hasGpus: whenSet('FLUX_HAS_GPUS', 'gpus_per_task is accepted although no connected worker has a GPU at the moment.'),
  optionFlags: text('FLUX_OPTION_FLAGS', { about: 'Shell options of jobs that name none: k=v,k2=v2.', default: null }),
  serverMode: oneOf('FLUX_SERVER_MODE', ['single-user', 'multi-user'], {
    about:
      'multi-user: the authenticated user owns the job. The processes run as the user of the worker in both modes.',
    default: 'single-user',
  }),
  queue: text('DROVER_FLUX_QUEUE', { about: 'Queue of jobs submitted through this API.', default: 'default' }),
});
