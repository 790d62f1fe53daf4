import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { Agent, setGlobalDispatcher } from 'undici';
import { certificatesIn } from './pair.js';

/** The authorities that are trusted without a setting; Node.js 20 knows but its own. */
const usual = (): readonly string[] =>
  (tls as { getCACertificates?: (type: 'default') => string[] }).getCACertificates?.('default') ?? tls.rootCertificates;

/**
 * The authorities to trust where DROVER_CA names this file: the usual ones, and those in it. Undefined without a file.
 *
 * @throws Error with a sentence about the file
 */
export function trusted(caFile: string | null): string[] | undefined {
  if (caFile === null) return undefined;
  let own: string[];
  try {
    own = certificatesIn(readFileSync(caFile, 'utf8')).map(String);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `DROVER_CA: ${caFile} cannot be read (${code ?? message}): give a file with certificates in PEM that this user may read.`,
      { cause: error },
    );
  }
  if (own.length === 0)
    throw new Error(`DROVER_CA: ${caFile} holds no certificate in PEM ("-----BEGIN CERTIFICATE-----").`);
  return [...usual(), ...own];
}

/** Lets every `fetch` of this process trust these authorities. */
export function trustEverywhere(authorities: string[] | undefined): void {
  if (authorities !== undefined) setGlobalDispatcher(new Agent({ connect: { ca: authorities } }));
}

/** The meaning of the codes of failed handshakes. */
const REMEDIES: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'early',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'plain',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'plain',
};
const SENTENCES: Readonly<Record<string, string>> = {
  unknown:
    'its certificate comes from an authority that this machine does not trust: copy the certificate of that authority here and name its file in DROVER_CA (`drover enrol --ca-fingerprint` fetches it)',
  expired: 'its certificate has ended, or the clock of this machine is wrong: renew the one or set the other',
  early: 'its certificate is not valid yet: set the clock of this machine',
  name: 'its certificate is for other names: take one of those into the URL, or have a certificate made for this one',
  plain: 'it speaks no TLS there: write http:// instead of https://, or set DROVER_TLS_CERT on the API',
};

/** Why a connection failed, where that has to do with certificates, and what to do; null: with something else. */
export function tlsRemedy(error: unknown): string | null {
  for (let at = error, deep = 0; at instanceof Error && deep < 5; at = at.cause, deep += 1) {
    const { code } = at as NodeJS.ErrnoException;
    const remedy = code === undefined ? undefined : REMEDIES[code];
    if (remedy !== undefined) return `${SENTENCES[remedy]} (${code}${remedy === 'name' ? `: ${at.message}` : ''})`;
  }
  return null;
}
