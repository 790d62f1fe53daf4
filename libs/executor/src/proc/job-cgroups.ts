import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CGROUP_ROOT, cgroupPath } from './cgroup.js';

/** Length of the accounting period of `cpu.max`, microseconds: the kernel's own default. */
const PERIOD_US = 100_000;
const PREFIX = 'drover-job-';
/** Only below a unit that gave us a subgroup: there the service manager has promised to leave its children alone. */
const UNIT = /\.(service|scope)$/;

const hint = 'in a systemd unit, Delegate=yes with DelegateSubgroup= gives one';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export interface GroupLimits {
  memory_bytes?: number | undefined;
  /** Processors, e.g. 1.5. */
  cpus?: number | undefined;
}

/**
 * A cgroup v2 for each job that has limits, beside the group this program is in. The kernel holds memory and processors
 * then, also of what grows between two looks of the watch. Where the machine offers none, `problem` says why, and watch
 * and ulimit are what there is.
 */
export class JobCgroups {
  /** One sentence; null: jobs get their groups. */
  readonly problem: string | null;
  private readonly parent: string;

  constructor(root = CGROUP_ROOT, proc = '/proc') {
    const own = cgroupPath(read(join(proc, 'self', 'cgroup')));
    this.parent = join(root, dirname(own ?? '/'));
    this.problem = this.find(root, own);
  }

  private find(root: string, own: string | undefined): string | null {
    if (read(join(root, 'cgroup.controllers')) === '')
      return `There is no cgroup v2 at ${root}: memory is watched, processors are not limited.`;
    if (own === undefined || !UNIT.test(dirname(own)))
      return `This worker has no delegated cgroup (${hint}): memory is watched, processors are not limited.`;
    const enabled = read(join(this.parent, 'cgroup.subtree_control')).trim().split(/\s+/);
    const missing = ['cpu', 'memory'].filter((name) => !enabled.includes(name));
    if (missing.length > 0)
      return `The cgroup ${dirname(own)} does not hand on ${missing.join(' and ')} (cgroup.subtree_control): memory is watched, processors are not limited.`;
    try {
      const probe = join(this.parent, `${PREFIX}probe-${process.pid}`);
      mkdirSync(probe);
      rmdirSync(probe);
      return null;
    } catch (error) {
      return `No group can be made in ${this.parent} (${(error as Error).message}): memory is watched, processors are not limited.`;
    }
  }

  /** Makes the group of an execution. Undefined: no limits, no cgroups, or the kernel refused. */
  make(executionId: string, { memory_bytes, cpus }: GroupLimits): string | undefined {
    if (this.problem !== null || (memory_bytes === undefined && cpus === undefined)) return undefined;
    const group = join(this.parent, `${PREFIX}${executionId}`);
    try {
      mkdirSync(group, { recursive: true });
      if (memory_bytes !== undefined) {
        writeFileSync(join(group, 'memory.max'), String(memory_bytes));
        // All of the job or nothing of it: what is left of a tree without its largest process helps nobody.
        writeFileSync(join(group, 'memory.oom.group'), '1');
        // Not there without swap accounting; the job would only get slower by it.
        if (read(join(group, 'memory.swap.current')) !== '') writeFileSync(join(group, 'memory.swap.max'), '0');
      }
      if (cpus !== undefined)
        writeFileSync(join(group, 'cpu.max'), `${Math.max(1_000, Math.round(cpus * PERIOD_US))} ${PERIOD_US}`);
      return group;
    } catch {
      this.remove(group);
      return undefined;
    }
  }

  /** The kernel has killed processes of this group for want of memory. */
  oomKilled(group: string): boolean {
    return Number(/^oom_kill (\d+)$/m.exec(read(join(group, 'memory.events')))?.[1] ?? 0) > 0;
  }

  remove(group: string): void {
    try {
      rmdirSync(group);
    } catch {
      // Somebody is still in it, in the kernel; `sweep` comes back to it.
    }
  }

  /** Removes groups of jobs that are over. Those in use cannot be removed. */
  sweep(): void {
    if (this.problem !== null) return;
    for (const name of readdirSync(this.parent)) if (name.startsWith(PREFIX)) this.remove(join(this.parent, name));
  }
}
