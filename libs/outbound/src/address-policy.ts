import ipaddr from 'ipaddr.js';
import { DroverError } from '@drover/domain';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Never contacted, whatever is allowed: link-local, the metadata services of clouds, and what is no host at all. */
const NEVER = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  // Metadata of Alibaba, Azure (its wire server), Oracle; of AWS and Google over IPv6.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '::/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
].map((cidr) => ipaddr.parseCIDR(cidr));

const GROUPS: Record<string, (address: Address) => boolean> = {
  loopback: (address) => address.range() === 'loopback',
  private: (address) => ['private', 'uniqueLocal', 'carrierGradeNat'].includes(address.range()),
  // ipaddr.js calls every address without a special range unicast; of IPv6 only 2000::/3 is routed.
  public: (address) => address.range() === 'unicast' && (address.kind() === 'ipv4' || inside(address, ROUTED_V6)),
};
const ROUTED_V6 = ipaddr.parseCIDR('2000::/3');

/** Tells which addresses may be contacted. */
export interface AddressPolicy {
  /** Null when the address may be contacted, else the reason why not. */
  refusal(address: string): string | null;
}

/**
 * `allow`: networks in CIDR notation, or the words `public`, `private` (RFC 1918, unique local, carrier-grade NAT),
 * `loopback`.
 *
 * @throws DroverError `invalid` when an entry is neither
 */
export function addressPolicy(allow: readonly string[]): AddressPolicy {
  const rules = allow.map((entry): ((address: Address) => boolean) => {
    const group = GROUPS[entry];
    if (group) return group;
    try {
      const network = ipaddr.parseCIDR(entry.includes('/') ? entry : `${entry}/${entry.includes(':') ? 128 : 32}`);
      return (address) => inside(address, network);
    } catch {
      throw new DroverError(
        'invalid',
        `${entry} is no network; give CIDR notation such as 10.0.0.0/8, or public, private, loopback.`,
      );
    }
  });
  return {
    refusal(text) {
      if (!ipaddr.isValid(text)) return `${text} is no address`;
      const address = unwrapped(parsed(text));
      const behind = embedded(address);
      if ([address, ...behind].some((one) => NEVER.some((network) => inside(one, network))))
        return `${text} is link-local, a metadata service or no host's address, which is never contacted`;
      // An address that leads to another one is allowed where both are. None of these ranges is public, but for ISATAP
      // behind a public prefix.
      const passes = (one: Address): boolean => rules.some((rule) => rule(one));
      return passes(address) && behind.every(passes) ? null : `${text} (${address.range()}) is in no allowed network`;
    },
  };
}

const IPV4_COMPATIBLE = ipaddr.parseCIDR('::/96');
const NAT64_OWN = ipaddr.parseCIDR('64:ff9b:1::/48');
/** ISATAP: an IPv4 address behind any prefix. The `u` bit (0200) may be set. */
const isIsatap = (bytes: number[]): boolean =>
  ((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;

/**
 * Every IPv4 address that a translator or tunnel could take an IPv6 one for (IPv4-compatible, SIIT, NAT64, 6to4,
 * Teredo, ISATAP), so that no spelling gets around a rule.
 */
function embedded(address: Address): Address[] {
  if (address.kind() === 'ipv4') return [];
  const v6 = address as ipaddr.IPv6;
  const bytes = v6.toByteArray();
  const at = (...places: number[]): Address => ipaddr.fromByteArray(places.map((place) => bytes[place] ?? 0));
  const last = at(12, 13, 14, 15);
  if (inside(v6, IPV4_COMPATIBLE)) return ['loopback', 'unspecified'].includes(v6.range()) ? [] : [last];
  // A prefix of 48 bits puts the address around the eighth byte, one of 96 bits at the end; what has zeros there is the
  // other form.
  if (inside(v6, NAT64_OWN)) return [at(6, 7, 9, 10), last].filter((one) => one.toByteArray()[0] !== 0);
  if (v6.range() === 'rfc6052' || v6.range() === 'rfc6145') return [last];
  if (v6.range() === '6to4') return [at(2, 3, 4, 5)];
  // The server as it is, the client with every bit turned over.
  if (v6.range() === 'teredo')
    return [at(4, 5, 6, 7), ipaddr.fromByteArray(bytes.slice(12).map((byte) => byte ^ 0xff))];
  return isIsatap(bytes) ? [last] : [];
}

/** ipaddr.js takes `::1.2.3.4`, as the system's resolver writes an IPv4-compatible address, for the mapped one. */
function parsed(text: string): Address {
  const compatible = /^::(\d+(?:\.\d+){3})$/.exec(text)?.[1];
  if (compatible === undefined) return ipaddr.parse(text);
  return ipaddr.fromByteArray([...Array<number>(12).fill(0), ...ipaddr.parse(compatible).toByteArray()]);
}

/** An IPv4-mapped address is the IPv4 one: the machine's own network stack contacts that. */
function unwrapped(address: Address): Address {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress()
    ? (address as ipaddr.IPv6).toIPv4Address()
    : address;
}

function inside(address: Address, [network, bits]: [Address, number]): boolean {
  return address.kind() === network.kind() && address.match(network as never, bits);
}
