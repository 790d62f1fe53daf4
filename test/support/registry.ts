import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGE, type Podman } from './podman.js';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** A registry with one image and one login, to be pulled from over HTTP. */
export class Registry {
  readonly login = { user: 'puller', password: 'registry-sesame' };
  private folder: string | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Registry> {
    const server = createServer((request, response) => {
      const wanted = `Basic ${Buffer.from(`${registry.login.user}:${registry.login.password}`).toString('base64')}`;
      if (request.headers.authorization !== wanted) {
        response
          .writeHead(401, {
            'WWW-Authenticate': 'Basic realm="registry"',
            'Docker-Distribution-Api-Version': 'registry/2.0',
          })
          .end('{"errors":[{"code":"UNAUTHORIZED","message":"a login is needed"}]}');
        return;
      }
      const path = request.url ?? '';
      const [, blob] = /\/blobs\/sha256:([0-9a-f]{64})$/.exec(path) ?? [];
      const file = path === '/v2/' ? undefined : join(registry.folder ?? '', blob ?? 'manifest.json');
      if (file === undefined) response.writeHead(200, { 'Docker-Distribution-Api-Version': 'registry/2.0' }).end('{}');
      else if (registry.folder === undefined || !existsSync(file) || (!blob && !path.endsWith('/busybox/manifests/1')))
        response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"there is no such image"}]}');
      else {
        response.writeHead(200, {
          'Content-Type': blob ? 'application/octet-stream' : MANIFEST,
          'Content-Length': statSync(file).size,
        });
        if (request.method === 'HEAD') response.end();
        else createReadStream(file).pipe(response);
      }
    });
    const registry = new Registry(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** `host:port` */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get image(): string {
    return `${this.host}/test/busybox:1`;
  }

  /** Takes the image out of an engine. */
  async fill(podman: Podman): Promise<void> {
    this.folder = join(mkdtempSync(join(tmpdir(), 'drover-registry-')), 'image');
    await podman.command('save', '--format', 'docker-dir', '--output', this.folder, IMAGE);
    JSON.parse(readFileSync(join(this.folder, 'manifest.json'), 'utf8'));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    if (this.folder !== undefined) rmSync(join(this.folder, '..'), { recursive: true, force: true });
  }
}
