import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expectEventually } from './expect-eventually.js';
import { Program } from './program.js';

const run = promisify(execFile);
const DEADLINE_MS = 60_000;

/** The image of `Podman.start`: busybox's applets and, where this machine has it, bash. */
export const IMAGE = 'localhost/drover/busybox:latest';

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
const BASH = '/bin/bash';

/** Whether this machine can run containers for tests: Debian's podman, runc and busybox-static. Where CI is set it must. */
export const podmanAvailable = (): boolean => {
  const there =
    BUSYBOX !== undefined &&
    ['/usr/bin/podman'].some((path) => existsSync(path)) &&
    ['/usr/sbin/runc', '/usr/bin/runc'].some((path) => existsSync(path));
  if (!there && (process.env['CI'] ?? '') !== '')
    throw new Error('Tests of containers need podman, runc and busybox-static; nothing is left out where CI is set.');
  return there;
};

/**
 * A container engine of this test alone: Debian's podman with runc behind a Docker-compatible socket, its storage, its
 * settings and its containers in a temporary folder. Containers have no network. See libs/dialects/fastlane/README.md.
 */
export class Podman {
  /** Path of the socket: DROVER_DOCKER_SOCKET. */
  readonly socket: string;
  private readonly service: Program;

  private constructor(readonly folder: string) {
    this.socket = join(folder, 'podman.sock');
    this.service = new Program({
      name: 'podman',
      argv: ['podman', ...this.options, 'system', 'service', '--time=0', `unix://${this.socket}`],
      env: this.env,
      logPath: join(folder, 'podman.log'),
      cwd: folder,
    });
  }

  /** Starts the engine with IMAGE in it. `insecureRegistry` (host:port) may be pulled from over plain HTTP. */
  static async start(options: { insecureRegistry?: string } = {}): Promise<Podman> {
    const podman = new Podman(mkdtempSync(join(tmpdir(), 'drover-podman-')));
    try {
      podman.configure(options.insecureRegistry);
      await podman.importImage();
      await podman.startService();
      return podman;
    } catch (error) {
      await podman.stop();
      throw error;
    }
  }

  private get options(): string[] {
    return [
      '--root',
      join(this.folder, 'root'),
      '--runroot',
      join(this.folder, 'run'),
      '--tmpdir',
      join(this.folder, 'tmp'),
      '--storage-driver',
      'vfs',
    ];
  }

  private get env(): Record<string, string> {
    return {
      CONTAINERS_CONF: join(this.folder, 'containers.conf'),
      CONTAINERS_REGISTRIES_CONF: join(this.folder, 'registries.conf'),
      TMPDIR: join(this.folder, 'tmp'),
    };
  }

  /** Runs a podman command on this engine; gives its standard output. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await run('podman', [...this.options, ...args], {
      env: { ...process.env, ...this.env },
      cwd: this.folder,
      timeout: DEADLINE_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  /** Ids of all containers, whatever their state. */
  async containers(): Promise<string[]> {
    return (await this.command('ps', '--all', '--quiet', '--no-trunc')).split('\n').filter((id) => id !== '');
  }

  async startService(): Promise<void> {
    this.service.start();
    await expectEventually(() => answers(this.socket), {
      withinMs: 20_000,
      what: `Podman's socket (${this.service.lastLines()})`,
    });
  }

  /** The engine's API goes away; its containers go on. */
  async stopService(): Promise<void> {
    if (this.service.running) await this.service.stop();
    rmSync(this.socket, { force: true });
  }

  /** Removes all containers, ends the engine and deletes its folder. */
  async stop(): Promise<void> {
    if (existsSync(join(this.folder, 'root')))
      await this.command('rm', '--all', '--force', '--time', '0').catch(() => undefined);
    await this.stopService();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private configure(insecureRegistry: string | undefined): void {
    const cni = join(this.folder, 'cni');
    for (const folder of ['cni', 'tmp', 'rootfs']) mkdirSync(join(this.folder, folder));
    writeFileSync(
      join(this.folder, 'containers.conf'),
      [
        '[containers]',
        'default_ulimits = ["nofile=1024:1024","nproc=1024:1024"]',
        'netns = "none"',
        '[engine]',
        'runtime = "runc"',
        'cgroup_manager = "cgroupfs"',
        'events_logger = "file"',
        'lock_type = "file"',
        '[network]',
        'network_backend = "cni"',
        `network_config_dir = "${cni}"`,
        '',
      ].join('\n'),
    );
    // A client that names no network gets "bridge" from the Docker-compatible API: here that is loopback only.
    writeFileSync(
      join(cni, 'podman.conflist'),
      '{"cniVersion":"0.4.0","name":"podman","plugins":[{"type":"loopback"}]}\n',
    );
    const registry =
      insecureRegistry === undefined ? '' : `\n[[registry]]\nlocation = "${insecureRegistry}"\ninsecure = true\n`;
    writeFileSync(join(this.folder, 'registries.conf'), `unqualified-search-registries = []\n${registry}`);
  }

  private async importImage(): Promise<void> {
    if (BUSYBOX === undefined) throw new Error('busybox-static is not installed');
    const root = join(this.folder, 'rootfs');
    for (const folder of ['bin', 'tmp', 'etc']) mkdirSync(join(root, folder));
    copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
    const { stdout } = await run(BUSYBOX, ['--list']);
    for (const applet of stdout.split('\n').filter((name) => name !== '' && name !== 'busybox'))
      symlinkSync('busybox', join(root, 'bin', applet));
    if (existsSync(BASH)) await copyWithLibraries(BASH, root);
    const archive = join(this.folder, 'rootfs.tar');
    await run('tar', ['-C', root, '-cf', archive, '.']);
    await this.command('import', archive, IMAGE);
    rmSync(archive);
    rmSync(root, { recursive: true });
  }
}

async function copyWithLibraries(program: string, root: string): Promise<void> {
  const { stdout } = await run('ldd', [program]);
  for (const path of [program, ...(stdout.match(/\/\S+/g) ?? [])]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
