import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeChain, type Issued } from '../../../test/support/certificate.js';
import { ServedPair } from './served-pair.js';

const LOOK_MS = 10;
let folder: string;
let first: Issued;
let second: Issued;
let server: Server | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-served-'));
  [first] = (await makeChain(mkdtempSync(join(folder, 'a-')), 1)) as [Issued];
  [second] = (await makeChain(mkdtempSync(join(folder, 'b-')), 1)) as [Issued];
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('shows the new certificate to new connections when both files are written, and keeps the old one till then', async () => {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const put = ({ cert, key }: Issued): void => {
    copyFileSync(cert, files.cert);
    copyFileSync(key, files.key);
  };
  put(first);
  const log = { info: vi.fn(), error: vi.fn() };
  const served = await ServedPair.open(files, log);
  server = createServer({ ...served.options(), ALPNProtocols: ['http/1.1'] }, (socket) =>
    socket.on('error', () => undefined),
  );
  served.follow(server, LOOK_MS);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()?.toString() ?? '');
        socket.end();
      });
      socket.once('error', reject);
    });
  expect(await shown()).toBe(readFileSync(first.cert, 'utf8'));

  // A key that fits no certificate: half a renewal that stays so.
  copyFileSync(second.key, files.key);
  await vi.waitFor(() => expect(log.error).toHaveBeenCalledTimes(1));
  expect(log.error.mock.calls[0]?.[0]).toMatchObject({ error: expect.stringContaining('is not that of the first') });
  expect(await shown()).toBe(readFileSync(first.cert, 'utf8'));

  put(second);
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledTimes(1));
  expect(await shown()).toBe(readFileSync(second.cert, 'utf8'));
  expect(served.pair.key).toBe(readFileSync(second.key, 'utf8'));

  // What cannot be read is said once, not with each look.
  writeFileSync(files.cert, 'nothing');
  await vi.waitFor(() => expect(log.error).toHaveBeenCalledTimes(2));
  expect(await shown()).toBe(readFileSync(second.cert, 'utf8'));
  server.close();
  expect(log.error).toHaveBeenCalledTimes(2);
});

it('is not opened where the pair cannot be read', async () => {
  const files = { cert: join(folder, 'nowhere'), key: join(folder, 'nowhere') };
  await expect(ServedPair.open(files, { info: vi.fn(), error: vi.fn() })).rejects.toThrow('DROVER_TLS_CERT');
});
