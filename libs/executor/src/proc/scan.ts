import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** One process, as /proc/<pid>/stat says. */
export interface Proc {
  pid: number;
  ppid: number;
  pgrp: number;
  session: number;
  /** Clock ticks since boot: with the pid, an identity that a reused pid does not share. */
  start: number;
  /** User plus system time, of it and of the children it has waited for: clock ticks. */
  cpuTicks: number;
  /** Resident pages. */
  rssPages: number;
}

/** A member of the tree of an execution. */
export interface TreeProc extends Proc {
  execution_id: string;
}

/** The facts that an earlier scan found out about a process. */
interface Known {
  start: number;
  execution_id: string | undefined;
  /** Its environment could not be judged yet. */
  unread: boolean;
  user?: number | undefined;
}

const NOBODY: ReadonlyMap<number, string> = new Map();
const MARK = 'DROVER_EXECUTION_ID=';
/** The bytes of an environment that are looked at, at most. */
const ENVIRON_LIMIT = 256 * 1024;
const buffer = Buffer.allocUnsafe(4096);

/**
 * Reads a file of /proc without the stat and the growing buffers of readFileSync. Undefined: the process is gone or not
 * ours.
 */
export function readProcFile(path: string, into: Buffer = buffer): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    let length = 0;
    while (length < into.length) {
      const read = readSync(fd, into, length, into.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return into.toString('latin1', 0, length);
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Undefined: gone, or a zombie (which runs nothing any more). */
export function readProc(pid: number): Proc | undefined {
  const text = readProcFile(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The command's name may hold spaces and parentheses; the fields start after the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const at = (n: number): number => Number(fields[n]);
  return {
    pid,
    ppid: at(1),
    pgrp: at(2),
    session: at(3),
    cpuTicks: at(11) + at(12) + at(13) + at(14),
    start: at(19),
    rssPages: at(21),
  };
}

/**
 * Finds out which process of the machine belongs to which execution, with one pass over /proc for all of them. A
 * process belongs to an execution when it is in the session or group of one of its leaders, carries its mark in the
 * environment, runs under its user, or descends from one that does. What once belonged goes on belonging, even after it
 * has changed all of that.
 */
export class TreeScanner {
  private known = new Map<number, Known>();
  private environ: Buffer | undefined;

  /**
   * @param leaders execution id by pid of a process that was started for it
   * @param owners execution id by number of a user that only processes of this execution have
   */
  scan(leaders: ReadonlyMap<number, string>, owners: ReadonlyMap<number, string> = NOBODY): TreeProc[] {
    const procs = new Map<number, Proc>();
    for (const name of readdirSync('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      const proc = readProc(Number(name));
      if (proc !== undefined) procs.set(proc.pid, proc);
    }
    const known = new Map<number, Known>();
    for (const proc of procs.values()) this.own(proc, procs, leaders, owners, known);
    this.known = known;
    const members: TreeProc[] = [];
    for (const proc of procs.values()) {
      const execution_id = known.get(proc.pid)?.execution_id;
      if (execution_id !== undefined) members.push({ ...proc, execution_id });
    }
    return members;
  }

  private own(
    proc: Proc,
    procs: ReadonlyMap<number, Proc>,
    leaders: ReadonlyMap<number, string>,
    owners: ReadonlyMap<number, string>,
    known: Map<number, Known>,
  ): string | undefined {
    const now = known.get(proc.pid);
    if (now !== undefined) return now.execution_id;
    const before = this.known.get(proc.pid);
    const same = before?.start === proc.start ? before : undefined;
    // Also ends a cycle that pids reused during the scan could form.
    known.set(proc.pid, { start: proc.start, execution_id: same?.execution_id, unread: false, user: same?.user });
    let execution_id =
      same?.execution_id ?? leaders.get(proc.pid) ?? leaders.get(proc.session) ?? leaders.get(proc.pgrp);
    if (execution_id === undefined && proc.ppid > 2) {
      const parent = procs.get(proc.ppid);
      if (parent !== undefined) execution_id = this.own(parent, procs, leaders, owners, known);
    }
    // The user of a process is read once: only programs of ours change it, and those are leaders.
    let user = same?.user;
    if (execution_id === undefined && owners.size > 0 && proc.pid > 2 && proc.ppid !== 2) {
      user ??= userOf(proc.pid);
      execution_id = owners.get(user ?? -1);
    }
    let unread = false;
    // A mark is inherited at the fork: a process whose environment was seen without one can only have made it up.
    // Threads of the kernel (children of 2) have none.
    if (execution_id === undefined && (same === undefined || same.unread) && proc.pid > 2 && proc.ppid !== 2) {
      const text = this.environment(proc.pid);
      // In the middle of an exec the kernel shows an empty environment: that is no answer yet.
      unread = text === '';
      execution_id = text === undefined ? undefined : markIn(text);
    }
    known.set(proc.pid, { start: proc.start, execution_id, unread, user });
    return execution_id;
  }

  private environment(pid: number): string | undefined {
    this.environ ??= Buffer.allocUnsafe(ENVIRON_LIMIT);
    return readProcFile(`/proc/${pid}/environ`, this.environ);
  }
}

/** The number of the user a process runs under. */
function userOf(pid: number): number | undefined {
  const uid = /^Uid:\t(\d+)/m.exec(readProcFile(`/proc/${pid}/status`) ?? '')?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/** The execution id that an environment carries. */
function markIn(text: string): string | undefined {
  const at = text.startsWith(MARK) ? 0 : text.indexOf(`\0${MARK}`) + 1;
  if (at === 0 && !text.startsWith(MARK)) return undefined;
  const end = text.indexOf('\0', at);
  return text.slice(at + MARK.length, end < 0 ? undefined : end);
}
