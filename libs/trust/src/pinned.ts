import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { fingerprintOf } from './pair.js';

const HANDSHAKE_MS = 10_000;
/** Certificates of a chain at most. */
const MOST = 10;

/**
 * Fetches the authority with this fingerprint out of the chain that a server shows, and sees that the server's
 * certificate comes from it and is for its name. PEM.
 *
 * @throws Error with a sentence
 */
export async function pinnedAuthority(url: string, fingerprint: string, timeoutMs = HANDSHAKE_MS): Promise<string> {
  // Nothing is sent over this connection: what it shows is judged by its fingerprint.
  const chain = await handshake(url, timeoutMs, { rejectUnauthorized: false });
  const found = chain.find((certificate) => fingerprintOf(certificate) === fingerprint);
  if (found === undefined)
    throw new Error(
      `${url} shows no certificate with the fingerprint ${fingerprint}: this is another server, or one that does not send its authority along. Shown: ${chain.map(fingerprintOf).join(', ')}. Compare the fingerprint, or copy the authority's certificate here and use --ca.`,
    );
  const pem = found.toString();
  await handshake(url, timeoutMs, { ca: [pem] });
  return pem;
}

function handshake(
  url: string,
  timeoutMs: number,
  options: { rejectUnauthorized?: boolean; ca?: string[] },
): Promise<X509Certificate[]> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['http/1.1'],
      ...options,
    });
    // The time of all together counts: a byte now and then is no answer.
    const late = setTimeout(
      () => socket.destroy(new Error(`${url} does not answer within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(late);
      reject(new Error(`${url} has ended the connection`));
    });
    socket.once('secureConnect', () => {
      clearTimeout(late);
      resolve(chainOf(socket.getPeerCertificate(true)));
      socket.end();
    });
  });
}

function chainOf(first: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let at: DetailedPeerCertificate | undefined = first;
  while (at?.raw !== undefined && chain.length < MOST) {
    chain.push(new X509Certificate(at.raw));
    // The last one is its own issuer.
    at = at.issuerCertificate === at ? undefined : at.issuerCertificate;
  }
  return chain;
}
