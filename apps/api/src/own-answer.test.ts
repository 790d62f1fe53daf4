import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/support/certificate.js';
import { answersItself } from './own-answer.js';

let folder: string;
let files: { key: string; certificate: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-own-answer-'));
  files = await makeCertificate(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Listens, and answers /livez of a host that the door lets in. */
async function serve(tls: boolean, status = 200): Promise<Server> {
  const answer = (request: { url?: string; headers: { host?: string } }, response: Response): void => {
    const isFine = request.url === '/livez' && request.headers.host?.startsWith('localhost:');
    response.writeHead(isFine ? status : 421).end();
  };
  interface Response {
    writeHead(status: number): { end(): void };
  }
  const made = tls
    ? createTls({ key: readFileSync(files.key), cert: readFileSync(files.certificate) }, answer)
    : createPlain(answer);
  server = made as unknown as Server;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('an API that asks itself for the watchdog', () => {
  it.each([false, true])('is well when it answers, with TLS: %s', async (tls) => {
    expect(await answersItself(await serve(tls), { tls })).toBe(true);
  });

  it('is not well when it answers that it is not, or nothing at all', async () => {
    expect(await answersItself(await serve(false, 500), { tls: false })).toBe(false);
    server?.removeAllListeners('request');
    expect(await answersItself(server as Server, { tls: false, timeoutMs: 50 })).toBe(false);
    expect(await answersItself(createPlain(), { tls: false })).toBe(false);
  });

  it('is well with as many connections as it takes: others must not bring it to be restarted', async () => {
    const full = await serve(false);
    full.maxConnections = 1;
    const { port } = full.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise((resolve) => full.once('connection', resolve));
    expect(await answersItself(full, { tls: false })).toBe(true);
    socket.destroy();
  });
});
