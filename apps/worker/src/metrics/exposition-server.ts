import { createServer, type Server } from 'node:http';
import { exposeWorker, startProcessMetrics, type WorkerReading } from '@drover/telemetry';

const REQUEST_MS = 5_000;
const MOST_CONNECTIONS = 64;

/** The address under which others reach a listener: where it listens on every address, the name of the host. */
export function addressOf({ host, port }: { host: string; port: number }, hostName: string): string {
  const name = host === '0.0.0.0' || /^[0:]+$/.test(host) ? hostName : host;
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Serves `GET /metrics` about this worker, for Prometheus. It reads nothing and changes nothing. */
export class ExpositionServer {
  private readonly server: Server;

  constructor(
    private readonly at: { host: string; port: number },
    private readonly read: () => WorkerReading,
  ) {
    this.server = createServer((request, response) => {
      const say = (status: number, text: string, type = 'text/plain; charset=utf-8'): void =>
        void response
          .writeHead(status, {
            'content-type': type,
            'x-content-type-options': 'nosniff',
            'cache-control': 'no-store',
            ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
          })
          .end(text);
      if ((request.url ?? '').split('?')[0] !== '/metrics') return say(404, 'There is only /metrics here.\n');
      if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET is taken here.\n');
      exposeWorker(this.read()).then(
        ({ contentType, body }) => say(200, body, contentType),
        (error: unknown) => say(500, `The metrics could not be read: ${String(error)}\n`),
      );
    });
    this.server.requestTimeout = REQUEST_MS;
    this.server.headersTimeout = REQUEST_MS;
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  /** Throws when the address is another program's: a worker that does not serve what it tells would look dead. */
  async listen(): Promise<void> {
    startProcessMetrics();
    const { host, port } = this.at;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(
          new Error(`DROVER_WORKER_METRICS names ${host}:${port}, where it cannot listen: ${error.message}.`, {
            cause: error,
          }),
        ),
      );
      this.server.listen(port, host, resolve);
    });
    this.server.unref();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
