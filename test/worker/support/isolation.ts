import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestNode } from './node.js';

export const ROOT = process.getuid?.() === 0;
const SETPRIV = '/usr/bin/setpriv';

/** Why a level cannot be tried here; undefined: it can. */
export function untriable(level: 'user' | 'namespace', asRoot: boolean): string | undefined {
  if (!existsSync(SETPRIV)) return 'util-linux is missing';
  if (asRoot && !ROOT) return 'needs root';
  if (level === 'user') return undefined;
  try {
    const become = ROOT ? [SETPRIV, '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
    const [program = '', ...args] = [
      ...become,
      '/usr/bin/unshare',
      '--user',
      '--map-root-user',
      '--mount',
      '--pid',
      '--ipc',
      '--fork',
      '--',
      'mount',
      '-n',
      '-t',
      'proc',
      'proc',
      '/proc',
    ];
    execFileSync(program, args, { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'the kernel gives no namespaces';
  }
}

/**
 * A node with a level, and what an intruder goes for: a victim's files and processes, sockets, a program that gives
 * rights.
 */
export class IsolatedNode {
  readonly secret = `hush-${process.pid}-${Math.round(performance.now())}`;
  victimPid = 0;
  victimFolder = '';
  private server: Server | undefined;

  private constructor(
    readonly node: TestNode,
    /** Everybody may read it, nobody but root may write. */
    readonly tools: string,
  ) {}

  /** @param uid number of the user the worker runs as; default: ours */
  static async start(
    level: string | null,
    { uid, env = {} }: { uid?: number; env?: Record<string, string> } = {},
  ): Promise<IsolatedNode> {
    const tools = mkdtempSync(ROOT ? '/opt/drover-tools-' : '/var/tmp/drover-tools-');
    chmodSync(tools, 0o755);
    copyFileSync(fileURLToPath(new URL('intruder.mjs', import.meta.url)), join(tools, 'intruder.mjs'));
    if (ROOT) {
      copyFileSync('/usr/bin/id', join(tools, 'id'));
      chmodSync(join(tools, 'id'), 0o4755);
    }
    const node = await TestNode.start({
      env: { ...(level === null ? {} : { DROVER_ISOLATION: level }), ...env },
      ...(uid === undefined
        ? {}
        : { become: [SETPRIV, `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'], owner: uid }),
    });
    return new IsolatedNode(node, tools);
  }

  /** Starts the victim: a job with a secret in its environment and in a file, and one it has shown to nobody. */
  async startVictim(): Promise<void> {
    const id = await this.node.api.submit({
      command: 'echo "$SECRET" > secret; echo ready; exec sleep 300',
      env: { SECRET: this.secret },
    });
    const seen = await this.node.says(id, 'ready');
    this.victimFolder = join(this.node.spool, 'executions', seen.claimed.execution_id);
    this.victimPid = seen.started?.pid ?? 0;
    await new Promise<void>((resolve, reject) => {
      this.server = createServer((socket) => socket.destroy());
      this.server.once('error', reject);
      mkdirSync(join(this.node.folder, 'engine'), { recursive: true });
      this.server.listen(this.socket, resolve);
    });
    chmodSync(this.socket, 0o660);
    if (this.node.owner !== undefined)
      execFileSync('chown', ['-R', `${this.node.owner}`, join(this.node.folder, 'engine')]);
  }

  /** Stands for the socket of a container engine, as the worker may use it. */
  get socket(): string {
    return join(this.node.folder, 'engine', 'docker.sock');
  }

  /** The descriptors that a job found open. */
  async intrude(): Promise<string[]> {
    const { node } = this;
    const supervisor = node.processes().find(({ command }) => command.startsWith('drover-supervisor'))?.pid ?? 0;
    const targets = {
      secret: this.secret,
      files: {
        'the spool of another job': join(this.victimFolder, 'work', 'secret'),
        'the output of another job': join(this.victimFolder, 'stdout'),
        'the state of the worker': join(node.spool, 'boot_id'),
        ...(ROOT && node.owner === undefined ? { '/etc/shadow': '/etc/shadow' } : {}),
      },
      folders: {
        'the folder of the worker': node.spool,
        'the folder of another job': join(this.victimFolder, 'work'),
        ...(node.owner === undefined && ROOT ? { '/etc': '/etc' } : {}),
      },
      pids: { 'another job': this.victimPid, 'the worker': node.worker.pid, 'the supervisor': supervisor },
      sockets: { 'of the supervisor': join(node.spool, 'supervisor.sock'), 'of the container engine': this.socket },
      suid: ROOT ? join(this.tools, 'id') : null,
    };
    const id = await node.api.submit({
      command: ['/usr/bin/env', 'node', join(this.tools, 'intruder.mjs'), JSON.stringify(targets)],
    });
    const { stdout, stderr } = await node.ended(id, 60_000);
    if (ROOT) rmSync('/etc/intruder', { force: true });
    if (!stdout.text.includes('tried everything'))
      throw new Error(`The intruder did not come to its end:\n${stdout.text}\n${stderr.text}`);
    return stdout.text.split('\n').filter((line) => line.endsWith(' open'));
  }

  async close(): Promise<void> {
    this.server?.close();
    await this.node.close();
    rmSync(this.tools, { recursive: true, force: true });
  }
}

/** Text of a file of the machine that only root reads. */
export const shadow = (): string => readFileSync('/etc/shadow', 'utf8');
