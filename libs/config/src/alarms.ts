import { section } from './section.js';
import { integer, list, seconds } from './variable.js';

/** Alarms over the counters of jobs and nodes. */
export const alarms = section('Alarms', {
  periodS: seconds('DROVER_ALARM_PERIOD', {
    about: 'Time between two evaluations of all alarms.',
    default: 1,
    min: 0.2,
    max: 3600,
  }),
  maxRules: integer('DROVER_ALARMS', { about: 'Most alarm rules.', default: 10_000, min: 1, max: 1_000_000 }),
  networks: list(
    'DROVER_ALARM_ALLOW',
    'networks in CIDR notation, or public, private, loopback',
    {
      about: 'Networks to which alarms may send their webhooks. Link-local and metadata addresses never.',
      default: ['public'],
    },
    (item) => item,
  ),
});
