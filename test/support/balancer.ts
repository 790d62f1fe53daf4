import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A load balancer for tests: TCP, round robin, goes on to the next replica when one does not accept. Connections that
 * were handed to a replica that dies are cut, as a real one would.
 */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private next = 0;

  private constructor(
    private readonly server: Server,
    private readonly ports: readonly number[],
    readonly url: string,
  ) {}

  static async start(ports: readonly number[]): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as { port: number };
    const balancer = new Balancer(server, ports, `http://127.0.0.1:${port}`);
    server.on('connection', (client) => balancer.forward(client, ports.length));
    return balancer;
  }

  private forward(client: Socket, attempts: number): void {
    this.keep(client);
    const port = this.ports[this.next++ % this.ports.length];
    if (attempts === 0 || port === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port });
    let connected = false;
    upstream.once('connect', () => {
      connected = true;
      this.keep(upstream);
      client.pipe(upstream).pipe(client);
    });
    upstream.once('error', () => (connected ? client.destroy() : this.forward(client, attempts - 1)));
    upstream.once('close', () => connected && client.destroy());
    client.once('close', () => upstream.destroy());
  }

  private keep(socket: Socket): void {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.sockets.delete(socket));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
