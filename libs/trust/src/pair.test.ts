import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeChain, type Issued } from '../../../test/support/certificate.js';
import { certificatesIn, fingerprintOf, readFingerprint, readPair } from './pair.js';

let folder: string;
let root: Issued;
let between: Issued;
let own: Issued;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-pair-'));
  [root, between, own] = (await makeChain(folder, 3)) as [Issued, Issued, Issued];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The certificate of the server with these behind it, in one file. */
function together(name: string, ...others: Issued[]): string {
  const file = join(folder, name);
  copyFileSync(own.cert, file);
  for (const { cert } of others) appendFileSync(file, readFileSync(cert));
  return file;
}
const fingerprint = ({ cert }: Issued): string =>
  fingerprintOf(certificatesIn(readFileSync(cert, 'utf8'))[0] as { raw: Buffer });

describe('a fingerprint', () => {
  const digits = 'ab'.repeat(32);
  it.each([
    `sha256:${digits}`,
    `SHA256:${digits.toUpperCase()}`,
    `sha-256=${digits}`,
    digits,
    ` ${digits.match(/../g)?.join(':')}\n`,
  ])('is read as %j', (text) => expect(readFingerprint(text)).toBe(`sha256:${digits}`));

  it.each(['', 'sha256:', digits.slice(1), `${digits}0`, `sha1:${digits}`, 'g'.repeat(64)])('is not %j', (text) =>
    expect(readFingerprint(text)).toBeNull(),
  );
});

describe('a pair', () => {
  it('is read with its names, its end, and the authority that stands behind it', async () => {
    const pair = await readPair(together('whole.pem', between, root), own.key);
    expect(pair.names).toEqual(['localhost', '127.0.0.1']);
    expect(pair.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect(pair.authority).toBe(fingerprint(root));
    expect(certificatesIn(pair.cert)).toHaveLength(3);
  });

  it('names no authority where none has signed itself: nobody could trust that one alone', async () => {
    expect((await readPair(own.cert, own.key)).authority).toBeNull();
    expect((await readPair(together('between.pem', between), own.key)).authority).toBeNull();
  });

  it('names itself where it is its own authority', async () => {
    expect((await readPair(root.cert, root.key)).authority).toBe(fingerprint(root));
  });

  it('is refused with the setting, the file and the reason', async () => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    for (const [cert, key, sentence] of [
      [join(folder, 'nowhere'), own.key, /^DROVER_TLS_CERT: .*nowhere cannot be read \(ENOENT\)/],
      [own.cert, join(folder, 'nowhere'), /^DROVER_TLS_KEY: .*nowhere cannot be read \(ENOENT\)/],
      [file('empty.pem', ''), own.key, /^DROVER_TLS_CERT: .*empty.pem holds no certificate in PEM/],
      [file('broken.pem', broken), own.key, /^DROVER_TLS_CERT: .*broken.pem holds a certificate that cannot be read/],
      [own.cert, file('none.key', 'no key'), /^DROVER_TLS_KEY: .*none.key holds no private key in PEM/],
      [own.cert, root.key, /^DROVER_TLS_KEY: the key in .* is not that of the first certificate/],
    ] as const)
      await expect(readPair(cert, key)).rejects.toThrow(sentence);
  });
});
