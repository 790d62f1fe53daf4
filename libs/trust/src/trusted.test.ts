import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeChain, type Issued } from '../../../test/support/certificate.js';
import { tlsRemedy, trusted, trustEverywhere } from './trusted.js';

let folder: string;
let root: Issued;
let own: Issued;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-trusted-'));
  [root, own] = (await makeChain(folder, 2)) as [Issued, Issued];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const causeOf = (error: unknown): string | null => tlsRemedy(error);

describe('the authorities of DROVER_CA', () => {
  it('are trusted beside those of Node.js, and nothing changes without the setting', () => {
    expect(trusted(null)).toBeUndefined();
    const all = trusted(root.cert) as string[];
    expect(all.length).toBeGreaterThan(50);
    expect(all.at(-1)).toBe(readFileSync(root.cert, 'utf8'));
  });

  it('are refused with a sentence where the file is none of certificates', () => {
    writeFileSync(join(folder, 'text'), 'no certificate');
    expect(() => trusted(join(folder, 'text'))).toThrow(/^DROVER_CA: .*text holds no certificate in PEM/);
    expect(() => trusted(join(folder, 'nowhere'))).toThrow(/^DROVER_CA: .*nowhere cannot be read \(ENOENT\)/);
  });

  it('let a request through that was refused before, with a remedy for each refusal', async () => {
    const server = createServer({ cert: readFileSync(own.cert), key: readFileSync(own.key) }, (_, response) =>
      response.end('well'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const before = getGlobalDispatcher();
    try {
      const refused = await fetch(`https://localhost:${port}`).catch(causeOf);
      expect(refused).toMatch(/authority that this machine does not trust.*DROVER_CA.*UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
      trustEverywhere(undefined);
      expect(getGlobalDispatcher()).toBe(before);
      trustEverywhere(trusted(root.cert));
      const answer = await fetch(`https://localhost:${port}`);
      expect(await answer.text()).toBe('well');
    } finally {
      await (getGlobalDispatcher() as Agent).close();
      setGlobalDispatcher(before);
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('the remedy for a failed handshake', () => {
  const failed = (code: string, message = 'x'): Error =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
  it.each([
    ['CERT_HAS_EXPIRED', 'renew the one or set the other'],
    ['CERT_NOT_YET_VALID', 'set the clock'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'take one of those into the URL'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'write http:// instead of https://'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'DROVER_CA'],
  ])('of %s says what to do', (code, remedy) => expect(tlsRemedy(failed(code))).toContain(remedy));

  it('is none where certificates have no part in it', () => {
    expect(tlsRemedy(failed('ECONNREFUSED'))).toBeNull();
    expect(tlsRemedy('a text')).toBeNull();
    const ring = new Error('a');
    ring.cause = ring;
    expect(tlsRemedy(ring)).toBeNull();
  });
});
