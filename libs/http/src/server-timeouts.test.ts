import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { setTimeouts } from './server-timeouts.js';

const STALLED_MS = 150;

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
});

/** Answers each request when its body is there, after `thinkMs`. */
async function start(thinkMs: number): Promise<number> {
  const made = createServer((request, response) => {
    request.on('error', () => undefined).resume();
    request.once('end', () => setTimeout(() => response.end('done'), thinkMs));
  });
  server = made;
  setTimeouts(made, STALLED_MS);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

/** The answer to these bytes, until the server closes or `enough` has come. */
function exchange(port: number, parts: string[], pauseMs: number, enough?: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    const next = (): void => {
      const part = parts.shift();
      if (part === undefined || socket.destroyed) return;
      socket.write(part);
      setTimeout(next, pauseMs);
    };
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (enough?.test(text)) socket.destroy();
    });
    socket.once('close', () => resolve(text));
    socket.once('connect', next);
  });
}

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n';

it('ends a request whose body stands still', async () => {
  expect(await exchange(await start(0), [`${HEAD}abc`], 0)).toBe('');
});

it('lets a body come slowly, and an answer be waited for longer than a body may stand still', async () => {
  const port = await start(3 * STALLED_MS);
  expect(await exchange(port, [HEAD, 'a', 'b', 'c', 'd', 'e', 'f'], STALLED_MS / 3, /done/)).toMatch(
    /^HTTP\/1.1 200 OK/,
  );
});

it('takes the next request of the same connection after a pause', async () => {
  const port = await start(0);
  expect(await exchange(port, [`${HEAD}abcdef`, `${HEAD}abcdef`], 3 * STALLED_MS, /done[^]*done/)).toMatch(
    /done[^]*done/,
  );
});
