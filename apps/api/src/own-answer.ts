import { get as getPlain, type Server } from 'node:http';
import { get as getTls } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Longest wait for an answer of our own. */
const OWN_ANSWER_MS = 10_000;

/**
 * Whether an API answers at its own address: what the watchdog of a service manager wants to know. One that has as many
 * connections as it takes refuses this one, too, and is well: to end it would cut them all.
 */
export async function answersItself(
  server: Pick<Server, 'address' | 'getConnections' | 'maxConnections'>,
  { tls, timeoutMs = OWN_ANSWER_MS }: { tls: boolean; timeoutMs?: number },
): Promise<boolean> {
  const address = server.address() as AddressInfo | null;
  if (address === null) return false;
  return (await answersAt(address, tls, timeoutMs)) || (await isFull(server));
}

function answersAt({ address, port }: AddressInfo, tls: boolean, timeout: number): Promise<boolean> {
  const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  const place = { host, port, path: '/livez', timeout, agent: false, headers: { host: `localhost:${port}` } } as const;
  return new Promise((resolve) => {
    // The certificate says nothing here: the address is our own.
    const request = tls ? getTls({ ...place, rejectUnauthorized: false }) : getPlain(place);
    request.once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(false));
  });
}

function isFull(server: Pick<Server, 'getConnections' | 'maxConnections'>): Promise<boolean> {
  return new Promise((resolve) =>
    server.getConnections((error, count) => resolve(error === null && count >= server.maxConnections)),
  );
}
