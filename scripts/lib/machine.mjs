// A machine with a real systemd inside this one: a container (systemd-nspawn) over a copy of its files that takes all
// changes in memory, without its network. What is installed there is gone with it.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BOOT_MS = 60_000;
const STOP_MS = 30_000;
const COMMAND_MS = 300_000;
/** Where the machine sees the folder that is shared with it. */
export const SHARED = '/mnt';

/** Why such a machine cannot be had here; null: it can. */
export function machineProblem() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg')) return 'this is no Debian (there is no dpkg)';
  if (process.getuid() !== 0) return 'it needs root, for mounts and a container';
  try {
    accessSync('/usr/bin/systemd-nspawn', constants.X_OK);
    return null;
  } catch {
    return 'systemd-nspawn is missing: apt-get install systemd-container';
  }
}

function must(command, ...args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: BOOT_MS });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}

export class Machine {
  /** The console's words, for a report. */
  said = '';

  constructor(shared) {
    this.shared = shared;
    this.base = mkdtempSync(join(tmpdir(), 'drover-machine-'));
    /** The folder with all files that were made or changed there. */
    this.changes = join(this.base, 'upper');
  }

  async start() {
    const [work, root] = ['work', 'root'].map((name) => join(this.base, name));
    must('mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', this.base);
    for (const folder of [this.changes, work, root]) mkdirSync(folder, { mode: 0o755 });
    const layers = `lowerdir=/,upperdir=${this.changes},workdir=${work}`;
    must('mount', '-t', 'overlay', 'overlay', '-o', layers, root);
    const options = ['--quiet', `--directory=${root}`, `--bind-ro=${this.shared}:${SHARED}`, '--private-network'];
    // Nobody is asked to register it: there may be no systemd around it.
    const args = [...options, '--register=no', '--keep-unit', '--boot', '--', '--unit=basic.target'];
    this.child = spawn('systemd-nspawn', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    const hear = (chunk) => (this.said = (this.said + chunk).slice(-20_000));
    this.child.stdout.on('data', hear);
    this.child.stderr.on('data', hear);
    const until = Date.now() + BOOT_MS;
    for (;;) {
      const [leader] = childrenOf(this.child.pid);
      this.leader = leader;
      if (leader !== undefined && /^(running|degraded)$/m.test(this.run('systemctl is-system-running').stdout)) break;
      if (Date.now() > until || this.child.exitCode !== null) throw new Error(`It does not boot:\n${this.said}`);
      await sleep(500);
    }
    // Images of containers forbid by it that a package starts its units.
    this.must('rm -f /usr/sbin/policy-rc.d');
  }

  /** Runs a shell command there as root. */
  run(script, { timeout = COMMAND_MS } = {}) {
    const clean = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'DEBIAN_FRONTEND=noninteractive'];
    const args = ['--target', String(this.leader), '--all', '--', ...clean, 'sh', '-ec', script];
    const { status, stdout, stderr } = spawnSync('nsenter', args, { encoding: 'utf8', timeout });
    return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
  }

  /** The same, for one that has to succeed. Gives what it printed, without white space around it. */
  must(script, options) {
    const { status, stdout, stderr } = this.run(script, options);
    if (status !== 0) throw new Error(`${script}\nended with ${status}:\n${stdout}${stderr}`);
    return stdout.trim();
  }

  async stop() {
    if (this.leader !== undefined) spawnSync('kill', ['-s', 'RTMIN+4', String(this.leader)]);
    if (this.child !== undefined) {
      const hard = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
      await this.ended;
      clearTimeout(hard);
    }
    for (const folder of [join(this.base, 'root'), this.base]) spawnSync('umount', ['--lazy', folder]);
    rmSync(this.base, { recursive: true, force: true });
  }
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
