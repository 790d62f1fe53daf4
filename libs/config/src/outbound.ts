import { section } from './section.js';
import { list, seconds, Unfit } from './variable.js';

const NETWORK = /^(public|private|loopback|[0-9a-fA-F:.]+(\/\d{1,3})?)$/;

/** Calls to addresses that clients name. */
export const outbound = section('Outbound', {
  webhookNetworks: list(
    'DROVER_WEBHOOK_NETWORKS',
    'public, private, loopback, or networks such as 10.0.0.0/8, comma-separated',
    {
      about: 'Networks webhooks may be sent to. Link-local and metadata addresses are never contacted.',
      default: ['public'],
    },
    (item) => {
      if (!NETWORK.test(item))
        throw new Unfit(
          `must be a list of public, private, loopback and networks such as 10.0.0.0/8; "${item}" is none.`,
        );
      return item;
    },
  ),
  webhookTimeoutS: seconds('DROVER_WEBHOOK_TIMEOUT', {
    about: 'Longest wait for the answer to one try of a webhook.',
    default: 10,
    min: 0.1,
    max: 20,
  }),
});
