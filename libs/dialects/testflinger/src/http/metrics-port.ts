import { createServer, type Server } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { Door, Exposition, installSafeHeaders } from '@drover/http';
import { testflingerSettings } from '../config.js';

/**
 * `/metrics` once more on a port of its own, where scrapers of labs look for it. Whoever opens the port lets it be read
 * without a login.
 */
@Injectable()
export class MetricsPort implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly exposition: Exposition,
    private readonly door: Door,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const port = settingsOf(this.config, testflingerSettings).metricsPort;
    if (port === null) return;
    const server = createServer((request, response) => {
      const known = request.method === 'GET' && /^\/metrics\/?(\?|$)/.test(request.url ?? '');
      if (!known) {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not Found\n');
        return;
      }
      this.exposition.render().then(
        (text) => response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
        () => response.writeHead(503).end(),
      );
    });
    this.door.install(server);
    installSafeHeaders(server);
    this.server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, this.config.host, resolve));
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server?.listening) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
