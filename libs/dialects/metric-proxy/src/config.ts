import { section, integer, oneOf } from '@drover/config';

/** The value of DROVER_AUTH_OPEN that leaves the whole of it open. */
export const OPEN_VALUE = 'metric-proxy';

/** The API of the metric proxy over the broker's counters, profiles, scrape targets and alarms. */
export const metricProxySettings = section('Metric proxy', {
  dialect: oneOf('METRIC_PROXY_DIALECT', ['seed', 'head'], {
    about: 'head: counters carry `ts` and job times are milliseconds, as proxies since 2026 want them.',
    default: 'seed',
  }),
  profilesListed: integer('DROVER_PROFILES_LISTED', {
    about: 'Profiles in the lists of the metric proxy, the newest ones.',
    default: 2_000,
    min: 1,
    max: 1_000_000,
  }),
});
