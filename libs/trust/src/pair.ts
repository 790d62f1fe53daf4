import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A certificate with its key, read and checked. */
export interface Pair {
  /** PEM: the certificate, then those between it and its authority. */
  cert: string;
  key: string;
  expiresAt: Date;
  /** The names and addresses that it is for. */
  names: string[];
  /**
   * The fingerprint of the last certificate of the file, where that is an authority which has signed itself; null: it
   * is none. One between it and the authority would not do: nobody who trusts it alone takes the chain.
   */
  authority: string | null;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a text of PEM, in its order. @throws Error for one that cannot be read */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));

/** A fingerprint as this program writes it: `sha256:` and 64 hexadecimal digits. */
export const fingerprintOf = (certificate: { raw: Buffer }): string =>
  `sha256:${createHash('sha256').update(certificate.raw).digest('hex')}`;

/** The same fingerprint however it is written: `SHA256:AB:CD…`, without colons, in either case. Null: it is none. */
export function readFingerprint(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^sha-?256[:=]/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? `sha256:${digits}` : null;
}

/** Names in a certificate, such as `broker.lab` and `10.1.2.3`. */
const namesIn = (certificate: X509Certificate): string[] =>
  (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
    .map((name) => name.toLowerCase());

/** Reads a certificate and its key. @throws Error with a sentence that names the setting, the file and the remedy */
export async function readPair(certFile: string, keyFile: string): Promise<Pair> {
  const [cert, key] = await Promise.all([readText('DROVER_TLS_CERT', certFile), readText('DROVER_TLS_KEY', keyFile)]);
  const [own, ...others] = parsed(certFile, cert);
  if (own === undefined)
    throw new Error(`DROVER_TLS_CERT: ${certFile} holds no certificate in PEM ("-----BEGIN CERTIFICATE-----").`);
  let fits: boolean;
  try {
    fits = own.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new Error(
      `DROVER_TLS_KEY: ${keyFile} holds no private key in PEM without a passphrase (${(error as Error).message}).`,
      { cause: error },
    );
  }
  if (!fits)
    throw new Error(`DROVER_TLS_KEY: the key in ${keyFile} is not that of the first certificate in ${certFile}.`);
  const expiresAt = new Date(own.validTo);
  if (expiresAt.getTime() < Date.now())
    throw new Error(`DROVER_TLS_CERT: the certificate in ${certFile} ended at ${expiresAt.toISOString()}: renew it.`);
  const last = others.at(-1) ?? own;
  const isRoot = last.ca && last.checkIssued(last) && last.verify(last.publicKey);
  return { cert, key, expiresAt, names: namesIn(own), authority: isRoot ? fingerprintOf(last) : null };
}

function parsed(file: string, cert: string): X509Certificate[] {
  try {
    return certificatesIn(cert);
  } catch (error) {
    throw new Error(`DROVER_TLS_CERT: ${file} holds a certificate that cannot be read (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

async function readText(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(
      `${setting}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}): give a file that this user may read.`,
      { cause: error },
    );
  }
}
