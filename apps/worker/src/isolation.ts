import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@drover/config';
import {
  levelProblem,
  lookUpAccount,
  mountTable,
  tryOrder,
  UidPool,
  type Account,
  type IsolationLevel,
  type JobUser,
  type JobView,
} from '@drover/executor';
import type { ClaimedExecution } from '@drover/protocol';
import { TEMPORARY, type Spool } from '@drover/spool';
import type { Logger } from '@drover/telemetry';

/** A worker that must not serve as it is set up; waiting changes nothing. */
export class CannotServe extends Error {}

/** How one execution is kept from the others: its folder, and with what rights and view it runs. */
export interface Confined {
  folder: string;
  work: string;
  user?: JobUser;
  view?: JobView;
  /** Variables in place of the worker's own: its home, its name. */
  env: Record<string, string>;
}

const isRoot = (): boolean => process.getuid?.() === 0;
const PROBE = 'isolation-probe';

/** Decides how far jobs are kept from the node and from each other, and sets the place of each one up accordingly. */
export class Isolation {
  private current: IsolationLevel = 'none';
  private readonly uids: UidPool;
  private readonly accounts = new Map<string, Account>();

  constructor(
    private readonly config: Config,
    private readonly spool: Spool,
    private readonly logger: Logger,
  ) {
    const { first, last } = config.isolation.uids;
    this.uids = new UidPool(first, last);
  }

  get level(): IsolationLevel {
    return this.current;
  }

  /** Checks the settings of isolation before anything runs. @throws CannotServe with a sentence and the remedy */
  async open(): Promise<void> {
    const { level, runAs } = this.config.isolation;
    for (const { owner, account } of runAs) this.accounts.set(owner, await lookUpAccount(account).catch(refuse));
    if (runAs.length > 0 && !isRoot())
      throw new CannotServe(
        'DROVER_RUN_AS needs a worker that runs as root: only root can start a job under another account.',
      );
    if (level === 'none') return;
    if (level !== null) await this.use(level);
    else if (this.config.auth !== 'none') await this.useStrongest();
  }

  /**
   * The API says whether its clients log in. One that has several people's jobs gets no worker that runs them all with
   * its own rights by default.
   */
  async settle(login: boolean): Promise<boolean> {
    if (!login || this.current !== 'none' || this.config.isolation.level !== null) return false;
    await this.useStrongest();
    return true;
  }

  /** Makes the place of an execution. @throws Error with a sentence, or the system's, e.g. ENOSPC */
  confine(claimed: ClaimedExecution): Confined {
    const { execution_id: id, spec } = claimed;
    if (this.current === 'none' || spec.container !== undefined)
      return { ...this.spool.create(id, spec.stdin), env: {} };
    const account = this.accounts.get(claimed.owner ?? '');
    const user = isRoot() ? this.userFor(account) : undefined;
    try {
      return this.place(id, user, account, spec.stdin);
    } catch (error) {
      this.release(user);
      throw error;
    }
  }

  /** The execution has ended and its folder is gone, or shut. */
  release(user: JobUser | undefined): void {
    if (user?.exclusive) this.uids.give(user.uid);
  }

  /** Keeps a user for an execution that a former life of this worker started. */
  hold(user: JobUser | undefined): void {
    if (user?.exclusive) this.uids.hold(user.uid);
  }

  private userFor(account: Account | undefined): JobUser {
    if (account !== undefined) return { uid: account.uid, gid: account.gid, name: account.name, exclusive: false };
    const uid = this.uids.take();
    return { uid, gid: uid, exclusive: true };
  }

  private place(id: string, user: JobUser | undefined, account: Account | undefined, stdin?: string): Confined {
    const { folder, work } = user === undefined ? this.spool.create(id, stdin) : this.spool.createFor(id, user, stdin);
    const home = account?.home ?? work;
    const name = account?.name ?? (user === undefined ? undefined : `drover-${user.uid}`);
    const env: Record<string, string> = { HOME: home, ...(name === undefined ? {} : { USER: name, LOGNAME: name }) };
    if (this.current === 'user')
      return { folder, work, user: user as JobUser, env: { ...env, TMPDIR: join(folder, TEMPORARY) } };
    const view = { root: this.root, table: join(folder, 'mounts') };
    writeFileSync(view.table, this.tableOf(work, account), { mode: 0o644 });
    return { folder, work, ...(user === undefined ? {} : { user }), view, env: { ...env, TMPDIR: '/tmp' } };
  }

  private tableOf(work: string, account: Account | undefined): string {
    const { hidden, shown } = this.config.isolation;
    const home = homedir();
    return mountTable({
      root: this.root,
      hidden: [this.config.dataDir, ...(home === '/' ? [] : [home]), ...hidden],
      shown,
      writable: [...(account === undefined || account.home === '/' ? [] : [account.home]), work],
    });
  }

  private get root(): string {
    return join(this.spool.root, 'root');
  }

  private async useStrongest(): Promise<void> {
    const problems: string[] = [];
    for (const level of ['namespace', 'user'] as const) {
      try {
        await this.use(level);
        return;
      } catch (error) {
        problems.push(`${level}: ${(error as Error).message}`);
      }
    }
    throw new CannotServe(
      'Clients of this broker log in, so their jobs are kept from each other, but this machine offers no way to do it. ' +
        `${problems.join(' ')} To run all jobs with the worker's own rights all the same, set DROVER_ISOLATION=none.`,
    );
  }

  /** Runs a command that does nothing as a job would be run. @throws CannotServe */
  private async use(level: 'user' | 'namespace'): Promise<void> {
    const problem = await levelProblem(level);
    if (problem !== null) throw new CannotServe(problem);
    const before = this.current;
    this.current = level;
    if (level === 'namespace') mkdirSync(this.root, { recursive: true, mode: 0o711 });
    const user = isRoot() ? this.userFor(undefined) : undefined;
    try {
      if (isRoot()) this.spool.letPass(this.config.dataDir);
      rmSync(this.spool.folder(PROBE), { recursive: true, force: true });
      const place = this.place(PROBE, user, undefined);
      const said = await tryOrder({ ...place, cwd: place.work });
      if (said === null) return;
      const pass =
        `every folder on the way to ${this.config.dataDir} must let other users pass (chmod o+x), or name another one in DROVER_DATA_DIR, ` +
        'such as /var/lib/drover';
      const hide = 'name a file system that cannot be mounted in DROVER_ISOLATION_HIDE, or use another level';
      throw new CannotServe(
        `DROVER_ISOLATION=${level} does not work here (${said}): ${isRoot() ? pass : ''}${isRoot() && level === 'namespace' ? '; or ' : ''}${level === 'namespace' ? hide : ''}.`,
      );
    } catch (error) {
      this.current = before;
      throw error instanceof CannotServe
        ? error
        : new CannotServe(`DROVER_ISOLATION=${level} does not work here: ${(error as Error).message}.`);
    } finally {
      this.release(user);
      if (existsSync(this.spool.folder(PROBE))) rmSync(this.spool.folder(PROBE), { recursive: true, force: true });
      this.logger.debug({ level: this.current }, 'isolation of jobs');
    }
  }
}

function refuse(error: Error): never {
  throw new CannotServe(error.message);
}
