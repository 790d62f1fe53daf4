import { section } from './section.js';
import { integer } from './variable.js';

/** Profiles: what remains of the counters of finished jobs. */
export const profiles = section('Profiles', {
  kept: integer('DROVER_PROFILES_KEPT', {
    about: 'Profiles of finished jobs that are kept, the newest ones.',
    default: 200_000,
    min: 1,
    max: 100_000_000,
  }),
});
