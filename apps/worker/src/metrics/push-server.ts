import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ledgers } from './ledgers.js';
import { pushJson, pushText } from './push-body.js';

const MAX_BODY = 1024 * 1024;
const REQUEST_MS = 10_000;

/** Where jobs POST their metrics: on loopback, each under an address of its own that nobody else can guess. */
export class PushServer {
  private readonly server: Server;
  private port = 0;

  constructor(
    private readonly ledgers: Ledgers,
    private readonly key: Buffer,
    /** Jobs that run here: only theirs are taken. */
    private readonly runs: (job: string) => boolean,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.requestTimeout = REQUEST_MS;
  }

  /** Listens on the port of before if it is free: jobs that outlived the daemon know it. Returns the port. */
  async listen(before: number): Promise<number> {
    const tryPort = (port: number): Promise<void> =>
      new Promise((resolve, reject) => {
        this.server.once('error', reject);
        this.server.listen(port, '127.0.0.1', () => {
          this.server.removeListener('error', reject);
          resolve();
        });
      });
    await tryPort(before).catch(() => tryPort(0));
    this.port = (this.server.address() as AddressInfo).port;
    return this.port;
  }

  urlOf(job: string): string {
    return `http://127.0.0.1:${this.port}/push/${job}/${this.mac(job)}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private mac(job: string): string {
    return createHmac('sha256', this.key).update(job).digest('base64url').slice(0, 32);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const [, route, job = '', mac = ''] = url.pathname.split('/');
      const [given, wanted] = [Buffer.from(mac), Buffer.from(this.mac(job))];
      if (route !== 'push' || given.length !== wanted.length || !timingSafeEqual(given, wanted))
        return say(404, { error: 'There is nothing here; use DROVER_METRICS_URL as it is.' });
      if (request.method !== 'POST' && request.method !== 'PUT')
        return say(405, { error: 'POST Prometheus text or JSON.' });
      if (!this.runs(job)) return say(409, { error: 'The job does not run here any more.' });
      const body = await read(request);
      if (body === null) return say(413, { error: `The body is larger than ${MAX_BODY} bytes.` });
      const ledger = this.ledgers.of(job);
      if (!ledger) return say(503, { error: 'This worker keeps too many jobs already.' });
      const program = url.searchParams.get('program')?.slice(0, 100) ?? '';
      const json = (request.headers['content-type'] ?? '').includes('json');
      say(200, json ? pushJson(ledger, program, body) : pushText(ledger, program, body));
    } catch (error) {
      if (!response.headersSent) say(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}

async function read(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
