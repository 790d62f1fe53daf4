import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  at: number;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of every shape
  json: any;
}

/** A target of webhooks that answers as it is told and remembers what came. */
export class HookServer {
  readonly received: Received[] = [];
  /** Status of the next answers, first to last; then 200. 0: no answer at all. */
  statuses: number[] = [];

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<HookServer> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        hooks.received.push({
          at: Date.now(),
          path: request.url ?? '',
          headers: request.headers,
          text,
          json: text === '' ? undefined : JSON.parse(text),
        });
        const status = hooks.statuses.shift() ?? 200;
        if (status !== 0) response.writeHead(status, { 'x-answer': 'yes' }).end(`answer ${status}`);
      });
    });
    const hooks = new HookServer(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return hooks;
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** The requests that came to a path. */
  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
