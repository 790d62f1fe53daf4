import { connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy of TCP in front of a server, which a test cuts, or takes away. */
export class CuttingProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private cuts: number[] = [];
  private port = 0;
  /** How many connections were cut. */
  cut = 0;

  private constructor(private readonly target: number) {}

  static async start(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await proxy.comeBack();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Cuts the next connections after so many bytes of the server each; 0: the answer is lost. Those that are open end. */
  cutAfter(...bytes: number[]): void {
    this.cuts = bytes;
    this.closeAll();
  }

  /** From now on nobody listens; connections are cut. */
  async goAway(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.closeAll();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Listens again, at the same address. */
  async comeBack(): Promise<void> {
    const server = createServer((client) => this.forward(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as { port: number }).port;
    this.server = server;
  }

  private closeAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private forward(client: Socket): void {
    const upstream = connect({ host: '127.0.0.1', port: this.target });
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.sockets.delete(socket));
    }
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.pipe(upstream);
    const limit = this.cuts.shift();
    let passed = 0;
    upstream.on('data', (part: Buffer) => {
      const left = (limit ?? Infinity) - passed;
      passed += part.length;
      if (left > part.length) client.write(part);
      else {
        this.cut += 1;
        // The bytes before the cut are sent; the rest is lost on the way.
        client.write(part.subarray(0, left), () => client.destroy());
        upstream.pause();
      }
    });
  }
}
