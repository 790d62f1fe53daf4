import ipaddr from 'ipaddr.js';
import { DroverError } from '@drover/domain';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Never contacted, whatever is allowed: link-local, the metadata services of clouds, and what is no host at all. */
const NEVER = [
  '0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32',
  // Metadata of Alibaba, Oracle; of AWS and Google over IPv6.
  '100.100.100.200/32', '192.0.0.192/32', 'fd00:ec2::254/128', 'fd20:ce::254/128',
  '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8',
].map((cidr) => ipaddr.parseCIDR(cidr));

const GROUPS: Record<string, (address: Address) => boolean> = {
  loopback: (address) => address.range() === 'loopback',
  private: (address) => ['private', 'uniqueLocal', 'carrierGradeNat'].includes(address.range()),
  // What ipaddr.js calls unicast is all that has no special range; of IPv6 only 2000::/3 is routed.
  public: (address) => address.range() === 'unicast' && (address.kind() === 'ipv4' || inside(address, ROUTED_V6)),
};
const ROUTED_V6 = ipaddr.parseCIDR('2000::/3');

/** Tells which addresses may be contacted. */
export interface AddressPolicy {
  /** Null when the address may be contacted, else the reason why not. */
  refusal(address: string): string | null;
}

/**
 * `allow`: networks in CIDR notation, or the words `public`, `private` (RFC 1918, unique local, carrier-grade NAT), `loopback`.
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
      throw new DroverError('invalid', `${entry} is no network; give CIDR notation such as 10.0.0.0/8, or public, private, loopback.`);
    }
  });
  return {
    refusal(text) {
      if (!ipaddr.isValid(text)) return `${text} is no address`;
      const address = unwrapped(ipaddr.parse(text));
      if (NEVER.some((network) => inside(address, network))) return `${text} is link-local, a metadata service or no host's address, which is never contacted`;
      return rules.some((rule) => rule(address)) ? null : `${text} (${address.range()}) is in no allowed network`;
    },
  };
}

/** The IPv4 address that an IPv6 one stands for (mapped, NAT64, 6to4), so that no spelling gets around a rule. */
function unwrapped(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const v6 = address as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address();
  const bytes = v6.toByteArray();
  if (v6.range() === 'rfc6052' || v6.range() === 'rfc6145') return ipaddr.fromByteArray(bytes.slice(12));
  if (v6.range() === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6));
  return v6;
}

function inside(address: Address, [network, bits]: [Address, number]): boolean {
  return address.kind() === network.kind() && address.match(network as never, bits);
}
