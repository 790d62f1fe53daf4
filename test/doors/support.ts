import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface Reply {
  status: number;
  /** The head in lower case. */
  head: string;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects of the body
  json: any;
}

/** Sends these bytes, lines ended as HTTP wants them; gives the answer once it is whole, or the connection closed. */
export function bytes(url: string, request: string): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let raw = '';
    const done = (): void => {
      socket.destroy();
      const [head = '', ...rest] = raw.split('\r\n\r\n');
      const text = rest.join('\r\n\r\n');
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        json = undefined;
      }
      resolve({ status: Number(head.split(' ')[1]), head: head.toLowerCase(), text, json });
    };
    socket.setTimeout(15_000, () => reject(new Error(`no answer to ${request.split('\n')[0]}: ${raw.slice(0, 300)}`)));
    socket.once('error', reject);
    socket.on('data', (part) => {
      raw += part.toString('latin1');
      const [head = '', ...rest] = raw.split('\r\n\r\n');
      const length = /^content-length: (\d+)/im.exec(head)?.[1];
      if (
        rest.length > 0 &&
        (request.startsWith('HEAD ') ||
          /^HTTP\/1.1 (101|204)/.test(head) ||
          (length !== undefined && rest.join('\r\n\r\n').length >= Number(length)))
      )
        done();
    });
    socket.once('end', done);
    socket.write(request.replaceAll('\n', '\r\n'), 'latin1');
  });
}

/** A request of these headers and this body; the Host is the URL's unless the headers have one. */
export function send(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  const all = {
    host: new URL(url).host,
    ...headers,
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
  const head = Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
  return bytes(url, `${method} ${path} HTTP/1.1\n${head}\n${body ?? ''}`);
}

/** A server of somebody else: an empty page at every path, and metrics for those who scrape. */
export async function otherSite(): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const metrics = request.url?.startsWith('/metrics') ?? false;
    response
      .writeHead(200, { 'content-type': metrics ? 'text/plain; version=0.0.4' : 'text/html' })
      .end(metrics ? '# TYPE other_total counter\nother_total 1\n' : '<!doctype html><title>other</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}
