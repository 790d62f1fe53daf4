import { isIPv6 } from 'node:net';
import { section } from './section.js';
import { list, Unfit, url } from './variable.js';

const NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** A host of DROVER_HOSTS: a name, `*.` before a name (every name below it), or an address. Any port is meant. */
function hostOf(item: string): string {
  const host = item.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (host === '*') {
    throw new Unfit(
      'must name the hosts: with "*" any web page could reach this API under a name of its own. ' +
        'Below a domain of yours *.lab.example works.',
    );
  }
  if (isIPv6(host) || NAME.test(host)) return host;
  throw new Unfit(
    'must be a list of host names and addresses without scheme and port, ' +
      `such as broker.lab.example, *.svc.cluster.local or 10.1.2.3; "${item}" is none.`,
  );
}

const SECURE_PORTS: Record<string, string> = { http: '80', https: '443' };

/** An origin as browsers write it: lower case, without the port that its scheme has anyway. */
export function originOf(item: string): string {
  const [, scheme, host, port] =
    /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^\s/?#@:*]+)(?::(\d{1,5}))?\/?$/i.exec(item) ?? [];
  if (scheme === undefined || host === undefined) {
    const why =
      item === '*' || item === 'null'
        ? ` "${item}" would let every web page run commands here.`
        : ` "${item}" is none.`;
    throw new Unfit(`must be a list of origins such as https://console.lab.example or http://10.1.2.3:3000.${why}`);
  }
  const plain = scheme.toLowerCase();
  return `${plain}://${host.toLowerCase()}${port === undefined || port === SECURE_PORTS[plain] ? '' : `:${port}`}`;
}

/** Under which names this API may be asked, and which web pages may change something. */
export const doors = section('Doors', {
  hosts: list(
    'DROVER_HOSTS',
    'host names and addresses, comma-separated; *.domain for all below a domain',
    {
      about:
        'More names under which clients and proxies reach this API, whatever the port: a request whose Host is none of ' +
        'ours is answered with 421, so that no web page reaches it under a name of its own. Ours without it: localhost, ' +
        '127.0.0.0/8, [::1], DROVER_HOST, the hosts of DROVER_PUBLIC_URL and DROVER_API_URL, and where it listens on more ' +
        'than loopback the addresses and the name of the machine.',
      default: [],
      fallback: 'none',
    },
    hostOf,
  ),
  publicUrl: url('DROVER_PUBLIC_URL', ['http', 'https'], {
    about: 'Where people reach this API, if a proxy stands before it: its host is one of ours, its pages are our own.',
    default: null,
  }),
  origins: list(
    'DROVER_ORIGINS',
    'origins, comma-separated',
    {
      about:
        'Web pages of other origins that may read answers and change something here, with the login they have. ' +
        'All others are refused with 403. "*" is not taken.',
      default: [],
      fallback: 'none',
    },
    originOf,
  ),
});
