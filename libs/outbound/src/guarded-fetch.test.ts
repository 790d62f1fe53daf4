import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedFetch, type GuardedFetch, type GuardOptions } from './guarded-fetch.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function serve(listener: RequestListener): Promise<{ port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))) });
  return { port: (server.address() as AddressInfo).port, seen };
}

function guard(options: GuardOptions): GuardedFetch {
  const made = createGuardedFetch(options);
  open.push(made);
  return made;
}

describe('createGuardedFetch', () => {
  it('sends method, headers and body, and gives status, headers and body', async () => {
    const { port } = await serve((request, response) => {
      const parts: Buffer[] = [];
      request
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () => {
          response
            .writeHead(418, { 'X-Seen': `${request.method} ${String(request.headers['x-a'])}` })
            .end(Buffer.concat(parts).toString().toUpperCase());
        });
    });
    const answer = await guard({ allow: ['loopback'] })(`http://127.0.0.1:${port}/x`, {
      method: 'PUT',
      headers: { 'x-a': 'b' },
      body: 'hello',
    });
    expect(answer).toMatchObject({ status: 418, truncated: false });
    expect(answer.body.toString()).toBe('HELLO');
    expect(answer.headers['x-seen']).toBe('PUT b');
  });

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://[::1]',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::ffff:7f00:1]',
    'http://0.0.0.0',
    'http://169.254.169.254',
  ])('refuses %s when only public networks are allowed, without connecting', async (origin) => {
    const { port, seen } = await serve((_, response) => response.end());
    await expect(guard({ allow: ['public'] })(`${origin}:${port}/`)).rejects.toMatchObject({
      code: 'forbidden',
      details: { reason: 'address_refused' },
    });
    expect(seen).toHaveLength(0);
  });

  it('connects to the very addresses it checked, so that a name that changes its answer gains nothing', async () => {
    const { port, seen } = await serve((_, response) => response.end());
    let asked = 0;
    const rebinding = guard({
      allow: ['198.51.100.0/24'],
      connectTimeoutMs: 300,
      resolve: (_, callback) => {
        asked += 1;
        callback(null, [{ address: asked === 1 ? '198.51.100.7' : '127.0.0.1', family: 4 }]);
      },
    });
    await expect(rebinding(`http://rebind.example:${port}/`, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: expect.stringMatching(/timeout|unavailable/),
    });
    await expect(rebinding(`http://rebind.example:${port}/`, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(seen).toHaveLength(0);
  });

  it('uses only the allowed ones of the addresses of a name', async () => {
    const { port } = await serve((_, response) => response.end('here'));
    const mixed = guard({
      allow: ['loopback'],
      resolve: (_, callback) =>
        callback(null, [
          { address: '10.255.255.1', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    expect((await mixed(`http://mixed.example:${port}/`)).body.toString()).toBe('here');
  });

  it('checks every redirect anew and tells no other origin the credentials', async () => {
    const target = await serve((_, response) => response.end('target'));
    const { port } = await serve((request, response) =>
      response
        .writeHead(request.url === '/bad' ? 302 : 307, {
          Location: request.url === '/bad' ? 'http://169.254.169.254/latest' : `http://127.0.0.1:${target.port}/`,
        })
        .end(),
    );
    const fetchIt = guard({ allow: ['loopback'] });
    const answer = await fetchIt(`http://127.0.0.1:${port}/good`, {
      method: 'POST',
      body: 'x',
      headers: { Authorization: 'Bearer secret', 'X-Other': '1' },
      redirects: 3,
    });
    expect(answer.body.toString()).toBe('target');
    expect(target.seen[0]?.method).toBe('POST');
    expect(target.seen[0]?.headers['authorization']).toBeUndefined();
    expect(target.seen[0]?.headers['x-other']).toBe('1');
    await expect(fetchIt(`http://127.0.0.1:${port}/bad`, { redirects: 3 })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect((await fetchIt(`http://127.0.0.1:${port}/good`)).status).toBe(307);
  });

  it('gives up on a ring of redirects and on other schemes', async () => {
    const { port } = await serve((request, response) =>
      response.writeHead(302, { Location: request.url === '/file' ? 'file:///etc/passwd' : '/again' }).end(),
    );
    const fetchIt = guard({ allow: ['loopback'] });
    await expect(fetchIt(`http://127.0.0.1:${port}/`, { redirects: 3 })).rejects.toMatchObject({
      details: { reason: 'too_many_redirects' },
    });
    await expect(fetchIt(`http://127.0.0.1:${port}/file`, { redirects: 3 })).rejects.toMatchObject({ code: 'invalid' });
    for (const url of ['ftp://127.0.0.1/', 'no url', 'http://'])
      await expect(fetchIt(url)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('ends in time against a server that never answers, one that drips, and a resolver that hangs', async () => {
    const silent = await serve(() => undefined);
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const fetchIt = guard({ allow: ['loopback'] });
    for (const { port } of [silent, dripping]) {
      const started = Date.now();
      await expect(fetchIt(`http://127.0.0.1:${port}/`, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
      expect(Date.now() - started).toBeLessThan(2_000);
    }
    const stuck = guard({ allow: ['loopback'], resolve: () => undefined });
    await expect(stuck('http://stuck.example/', { timeoutMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('keeps at most so many bytes of an endless body', async () => {
    const { port } = await serve((_, response) => {
      const block = Buffer.alloc(64 * 1024, 'a');
      const pour = (): void => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', pour);
      pour();
    });
    const answer = await guard({ allow: ['loopback'] })(`http://127.0.0.1:${port}/`, { maxBodyBytes: 100_000 });
    expect(answer.body.length).toBe(100_000);
    expect(answer.truncated).toBe(true);
  });

  it('says what is wrong when nobody listens or the name is unknown', async () => {
    const fetchIt = guard({ allow: ['loopback'] });
    await expect(fetchIt('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'unavailable',
      details: { code: 'ECONNREFUSED' },
    });
    const unknown = guard({
      allow: ['loopback'],
      resolve: (_, callback) => callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []),
    });
    await expect(unknown('http://nowhere.example/')).rejects.toMatchObject({
      code: 'unavailable',
      details: { code: 'ENOTFOUND' },
    });
  });
});
