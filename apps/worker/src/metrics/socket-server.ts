import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@drover/telemetry';
import { ClientSession } from './client-session.js';
import { Frames } from './frames.js';
import type { Ledgers } from './ledgers.js';

const MOST_CLIENTS = 10_000;

/** A UNIX socket on which programs instrumented for the metric proxy push. */
export class SocketServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly path: string,
    private readonly ledgers: Ledgers,
    private readonly logger: Logger,
    /** Others than this user may connect. */
    private readonly open: boolean,
  ) {
    this.server = createServer((socket) => this.serve(socket));
    this.server.maxConnections = MOST_CLIENTS;
  }

  /** Takes the place of a dead server; refuses that of a living one. */
  async listen(): Promise<void> {
    if (existsSync(this.path)) {
      if (await answers(this.path))
        throw new Error(`${this.path} is another program's; set METRIC_PROXY_SOCKET to another path.`);
      unlinkSync(this.path);
    }
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.path, resolve);
    });
    chmodSync(this.path, this.open ? 0o666 : 0o600);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    const session = new ClientSession(this.ledgers);
    const frames = new Frames();
    this.sockets.add(socket);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of frames.push(chunk)) session.message(line);
      } catch (error) {
        this.logger.debug({ error: String(error) }, 'a metric client broke the protocol; its connection is closed');
        socket.destroy();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      session.close();
    });
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const done = (yes: boolean) => (): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(1_000, done(false));
    socket.once('connect', done(true));
    socket.once('error', done(false));
  });
}
