import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { DroverError } from '@drover/domain';
import type { AddressPolicy } from './address-policy.js';

/** All addresses of a name. */
export type Resolve = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (hostname, callback) => systemLookup(hostname, { all: true }, callback);

/** Recognised by the caller below the layers of undici's own errors. */
const refused = (host: string, reason: string): DroverError =>
  new DroverError('forbidden', `Drover does not contact ${host}: ${reason}.`, { reason: 'address_refused' });

/**
 * Opens connections to allowed addresses only. The name is resolved here and the very addresses that were checked are
 * the ones connected to, so a name that changes its mind between check and connect (DNS rebinding) gains nothing.
 */
export function guardedConnector(
  policy: AddressPolicy,
  options: { connectTimeoutMs: number; resolve?: Resolve },
): buildConnector.connector {
  const resolve = options.resolve ?? resolveBySystem;
  const lookup: LookupFunction = (hostname, wanted, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const family = typeof wanted.family === 'number' && wanted.family !== 0 ? wanted.family : null;
      const usable = addresses.filter(
        (entry) => policy.refusal(entry.address) === null && (family === null || entry.family === family),
      );
      const [first] = usable;
      if (!first) {
        const reasons = addresses.map((entry) => policy.refusal(entry.address) ?? 'has no address of this family');
        callback(refused(hostname, [...new Set(reasons)].slice(0, 3).join('; ') || 'it has no address'), '', 0);
      } else if (wanted.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ lookup, timeout: options.connectTimeoutMs });
  return (target, callback) => {
    // The lookup is not asked for literal addresses.
    const reason = isIP(target.hostname) === 0 ? null : policy.refusal(target.hostname);
    if (reason !== null) callback(refused(target.hostname, reason), null);
    else connect(target, callback);
  };
}
