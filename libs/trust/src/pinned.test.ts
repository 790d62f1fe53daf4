import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createPlain, type Server as PlainServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeChain, type Issued } from '../../../test/support/certificate.js';
import { certificatesIn, fingerprintOf } from './pair.js';
import { pinnedAuthority } from './pinned.js';

let folder: string;
let root: Issued;
let between: Issued;
let own: Issued;
let other: Issued;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-pinned-'));
  [root, between, own] = (await makeChain(folder, 3)) as [Issued, Issued, Issued];
  const apart = mkdtempSync(join(folder, 'other-'));
  [other] = (await makeChain(apart, 1)) as [Issued];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const servers: (Server | PlainServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const pem = ({ cert }: Issued): string => readFileSync(cert, 'utf8');
const fingerprint = (one: Issued): string => fingerprintOf(certificatesIn(pem(one))[0] as { raw: Buffer });
const portOf = async (server: Server | PlainServer): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** A server that shows its certificate with these behind it. Gives its port. */
const serve = (...shown: Issued[]): Promise<number> =>
  portOf(createServer({ cert: [own, ...shown].map(pem).join(''), key: readFileSync(own.key) }));

describe('an authority that is known by its fingerprint', () => {
  it('is taken out of what the server shows', async () => {
    const port = await serve(between, root);
    for (const host of ['localhost', '127.0.0.1'])
      expect(await pinnedAuthority(`https://${host}:${port}`, fingerprint(root))).toBe(pem(root));
  });

  it('is refused where the server shows another one, with those that it shows', async () => {
    const port = await serve(between, root);
    await expect(pinnedAuthority(`https://localhost:${port}`, fingerprint(other))).rejects.toThrow(
      new RegExp(`no certificate with the fingerprint ${fingerprint(other)}.*${fingerprint(root)}`),
    );
  });

  it("is refused where it is shown and the server's certificate does not come from it", async () => {
    const port = await serve(other);
    await expect(pinnedAuthority(`https://localhost:${port}`, fingerprint(other))).rejects.toThrow();
  });

  it('is refused where the certificate is for other names', async () => {
    const port = await serve(between, root);
    // The same machine by a name that stands in no certificate.
    await expect(pinnedAuthority(`https://127.0.0.2:${port}`, fingerprint(root))).rejects.toThrow();
    const all = createServer({ cert: [own, between, root].map(pem).join(''), key: readFileSync(own.key) });
    servers.push(all);
    await new Promise<void>((resolve) => all.listen(0, '127.0.0.2', resolve));
    const { port: elsewhere } = all.address() as AddressInfo;
    await expect(pinnedAuthority(`https://127.0.0.2:${elsewhere}`, fingerprint(root))).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('is not waited for without end: not for silence, nor for a byte now and then, nor after an end', async () => {
    const silent = await portOf(createPlain(() => undefined));
    const dripping = await portOf(
      createPlain((socket) => {
        const drip = setInterval(() => socket.write(Buffer.from([0x16])), 20);
        socket.on('error', () => undefined).once('close', () => clearInterval(drip));
      }),
    );
    const ending = await portOf(createPlain((socket) => void socket.end()));
    await expect(pinnedAuthority(`https://localhost:${silent}`, fingerprint(root), 150)).rejects.toThrow(
      'does not answer within 0.15 s',
    );
    for (const port of [dripping, ending])
      await expect(pinnedAuthority(`https://localhost:${port}`, fingerprint(root), 150)).rejects.toThrow();
  });
});
