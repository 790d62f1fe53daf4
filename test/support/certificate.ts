import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT } from './built.js';

/** Makes a certificate for `localhost`, signed by itself, in `folder`. Paths of the PEM files. */
export async function makeCertificate(folder: string): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  return { key, certificate };
}

/**
 * Makes a certificate for these hosts as docs/nodes.md says, and in an empty folder its authority before that. Paths of
 * the PEM files, and the fingerprint of the authority.
 */
export async function issueCertificate(
  folder: string,
  ...hosts: string[]
): Promise<{ ca: string; cert: string; key: string; fingerprint: string }> {
  const { stdout } = await promisify(execFile)('sh', [join(PROJECT, 'deploy/make-certificates.sh'), folder, ...hosts]);
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  return { ca, cert, key, fingerprint: stdout.trim() };
}

/** A certificate and its key: paths of the PEM files. */
export interface Issued {
  cert: string;
  key: string;
}

/**
 * Makes certificates by `openssl`, each signed by the one before it: an authority, authorities below it, and at the end
 * one for `localhost`. Paths of the PEM files, in that order.
 */
export async function makeChain(folder: string, length: number): Promise<Issued[]> {
  const made: Issued[] = [];
  for (let at = 0; at < length; at++) {
    const own = { cert: join(folder, `${at}.pem`), key: join(folder, `${at}.key`) };
    const by = made.at(-1);
    const extensions =
      at === length - 1
        ? ['basicConstraints=critical,CA:FALSE', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
        : ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=number ${at}`, '-keyout', own.key, '-out', own.cert],
      ...extensions.flatMap((extension) => ['-addext', extension]),
      ...(by === undefined ? [] : ['-CA', by.cert, '-CAkey', by.key]),
    ]);
    made.push(own);
  }
  return made;
}
