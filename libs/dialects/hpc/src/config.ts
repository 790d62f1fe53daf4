import { section, flag, integer } from '@drover/config';

/** The value of DROVER_AUTH_OPEN that leaves the events of schedulers open. */
export const OPEN_EVENTS = 'hpc-events';

/** The HPC job observability dialect. */
export const hpcSettings = section('HPC observability', {
  retentionDays: integer('METRICS_RETENTION_DAYS', {
    about: 'Days that samples are kept. Jobs and their trail are never removed by age.',
    default: 7,
    min: 1,
    max: 3650,
  }),
  strictAudit: flag('DROVER_HPC_STRICT_AUDIT', {
    about: 'X-Changed-By and X-Source are required on every change.',
    default: false,
  }),
  listLimit: integer('DROVER_HPC_LIST_LIMIT', {
    about: 'Length of GET /v1/jobs where the request names none.',
    default: 100,
    min: 1,
    max: 1000,
  }),
});
