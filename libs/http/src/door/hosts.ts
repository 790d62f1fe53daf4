import { isIPv4, isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { isLoopback, type Config } from '@drover/config';

/** The settings that say under which names this API is reached. */
export type Named = Pick<Config, 'host' | 'apiUrl' | 'doors'> & {
  counters: Pick<Config['counters'], 'node'>;
};

/** The machine's own name and addresses; a test says its own. */
export interface Machine {
  name(): string;
  addresses(): string[];
}

const THIS_MACHINE: Machine = {
  name: hostname,
  addresses: () => Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address)),
};

/** Interfaces come and go; reading them costs a tenth of a millisecond. */
const ADDRESSES_FOR_MS = 5_000;

/**
 * The hosts a request may name. A web page can give a name of its own any address (DNS rebinding), so that its
 * requests come from the same origin as this API; then only the Host tells. A page cannot do so with an address: the
 * browser connects to the one it names.
 */
export class OwnHosts {
  private readonly names = new Set<string>(['localhost']);
  /** Every name below these domains, each with its leading dot. */
  private readonly domains: string[] = [];
  private readonly beyondLoopback: boolean;
  private addresses: { at: number; known: Set<string> } = { at: -Infinity, known: new Set() };

  constructor(
    config: Named,
    /** URLs and hosts by which other settings name it. */
    addresses: readonly string[] = [],
    private readonly machine: Machine = THIS_MACHINE,
    private readonly now: () => number = () => performance.now(),
  ) {
    const { host, apiUrl, counters, doors } = config;
    this.beyondLoopback = !isLoopback(host);
    const given = [
      host,
      ofUrl(apiUrl),
      ofUrl(doors.publicUrl),
      ...addresses.map((address) => ofUrl(address) ?? ofHost(address)),
      ...doors.hosts,
    ];
    if (this.beyondLoopback) {
      const name = machine.name();
      given.push(name, name.split('.', 1).join(''), ofHost(counters.node));
    }
    for (const one of given) {
      if (one === null || one === '') continue;
      if (one.startsWith('*.')) this.domains.push(one.slice(1).toLowerCase());
      else this.names.add(plain(one));
    }
  }

  /** Whether a Host (with or without a port) is one of ours. `local`: the address of this end of the connection. */
  has(host: string, local?: string): boolean {
    const name = ofHost(host);
    if (name === null) return false;
    if (this.names.has(name) || isLoopbackAddress(name)) return true;
    if (this.domains.some((domain) => name.endsWith(domain) && name.length > domain.length)) return true;
    return isAddress(name) && (name === plain(local ?? '') || (this.beyondLoopback && this.ofMachine().has(name)));
  }

  private ofMachine(): Set<string> {
    const now = this.now();
    if (now - this.addresses.at > ADDRESSES_FOR_MS)
      this.addresses = { at: now, known: new Set(this.machine.addresses().map(plain)) };
    return this.addresses.known;
  }
}

/** The host of `host`, `host:port` or `[address]:port`, as `plain` writes it. Null: it is none of these. */
function ofHost(host: string | null): string | null {
  const [, bracketed, name] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]%]+))(?::\d{0,5})?$/i.exec(host ?? '') ?? [];
  const found = bracketed ?? name;
  if (found === undefined || (bracketed !== undefined && !isIPv6(bracketed))) return null;
  return plain(found);
}

function ofUrl(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? ofHost(new URL(url).host) : null;
}

const isAddress = (name: string): boolean => isIPv4(name) || isIPv6(name);

const isLoopbackAddress = (name: string): boolean => name === '::1' || (isIPv4(name) && name.startsWith('127.'));

/** One spelling: lower case, no dot at the end, IPv6 without a zone in its shortest form, IPv4 inside IPv6 as such. */
function plain(name: string): string {
  const given = name.toLowerCase().replace(/\.$/, '');
  const [address = ''] = given.split('%', 1);
  // Only an IPv6 address has a zone; in a name, what follows a percent sign belongs to the name.
  const lower = isIPv6(address) ? address : given;
  if (!isIPv6(lower)) return lower;
  const short = new URL(`http://[${lower}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
}
