import { section, flag, integer, list, oneOf, seconds, Unfit } from '@drover/config';

/** The API of device labs. */
export const testflingerSettings = section('Testflinger', {
  retentionS: seconds('DROVER_TESTFLINGER_RETENTION', {
    about: 'How long results, logs, archives, silent agents and queues nobody advertises any more are kept.',
    default: 7 * 86_400,
    fallback: '7d',
    min: 60,
    max: 3660 * 86_400,
  }),
  jobsListed: integer('DROVER_TESTFLINGER_JOBS_LISTED', {
    about:
      'Jobs in a list of a queue or of a search: all that are not over, and of the others those among the newest so many.',
    default: 2_000,
    min: 1,
    max: 1_000_000,
  }),
  leaseS: seconds('DROVER_TESTFLINGER_LEASE', {
    about:
      'A job whose HTTP-pull agent was silent for so long waits again. Agents are silent for as long as a provisioning takes; 0: never.',
    default: 0,
    fallback: '0 (never)',
    min: 0,
    max: 30 * 86_400,
  }),
  cancelGraceS: seconds('DROVER_TESTFLINGER_CANCEL_GRACE', {
    about: 'A cancelled job whose HTTP-pull agent says nothing for so long counts as ended.',
    default: 3600,
    fallback: '1h',
    min: 1,
    max: 30 * 86_400,
  }),
  webhookOrigins: list(
    'DROVER_TESTFLINGER_WEBHOOK_ORIGINS',
    'origins such as https://ci.example:8443, comma-separated',
    {
      about:
        'Where job events may be sent. Empty: anywhere the networks of webhooks allow, but with DROVER_AUTH=oauth2 nowhere.',
      default: [],
      fallback: 'none',
    },
    (item) => {
      if (!URL.canParse(item) || !/^https?:$/.test(new URL(item).protocol))
        throw new Unfit(`must be a list of origins such as https://ci.example; "${item}" is none.`);
      return new URL(item).origin;
    },
  ),
  reuseClients: flag('DROVER_TESTFLINGER_REUSE_CLIENTS', {
    about:
      'Let an admin make a client again under the name of a revoked one without saying `take_over`, as the real server does. The new client owns what the old one owned.',
    default: false,
  }),
  bareToken: flag('DROVER_TESTFLINGER_BARE_TOKEN', {
    about: 'Answer /v1/oauth2/token with the bare token as text, as clients before 2026 expect it.',
    default: false,
  }),
  metricsPort: integer('DROVER_TESTFLINGER_METRICS_PORT', {
    about: 'A port that serves /metrics as well, without a login, as the real server does at 9090.',
    default: null,
    fallback: 'none',
    min: 1,
    max: 65_535,
  }),
  anonymous: oneOf('DROVER_TESTFLINGER_ANONYMOUS', ['none', 'contributor'], {
    about:
      'The rights of a request without a token with DROVER_AUTH=oauth2: nothing, or submit and look as a contributor.',
    default: 'none',
  }),
});
