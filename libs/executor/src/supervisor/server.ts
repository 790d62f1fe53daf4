import { chmodSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { LineSocket } from '../line-socket.js';
import { SUPERVISOR_PROTOCOL, type FromSupervisor, type ToSupervisor } from '../messages.js';
import type { SupervisedTable, TableEvents } from './execution-table.js';

type Link = LineSocket<ToSupervisor, FromSupervisor>;

/** A daemon that said something within this is alive; a second one is refused. Milliseconds. */
const ALIVE_MS = 3_000;
const TICK_MS = 1_000;
/** Between TERM and KILL when the lease has run out: elsewhere the jobs may be starting already. */
const LEASE_GRACE_S = 2;

export interface SupervisorOptions {
  root: string;
  socket: string;
  /** Seconds without a daemon after which everything is ended. */
  leaseS: number;
  onExit: () => void;
}

/** Serves one daemon at a time, and ends everything when none has been there for a lease. */
export class SupervisorServer {
  private readonly table: SupervisedTable;
  private readonly server: Server;
  private daemon: Link | undefined;
  private heardAt = 0;
  private baseEnv: Record<string, string> = {};
  /** Ticks of this process without a word of a daemon: time in which we ourselves stood still does not count. */
  private silentTicks = 0;
  private leaving = false;
  private ready = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param makeTable makes the table that runs the executions */
  constructor(
    private readonly options: SupervisorOptions,
    makeTable: (events: TableEvents) => SupervisedTable,
  ) {
    this.table = makeTable({
      started: (execution_id, pid, spawned_at, container) =>
        this.daemon?.send({ t: 'started', execution_id, pid, spawned_at, ...container }),
      phase: (execution_id, phase) => this.daemon?.send({ t: 'phase', execution_id, phase }),
      exited: (record) => {
        this.daemon?.send({ t: 'exited', record });
        this.leaveIfDone();
      },
    });
    this.server = createServer((socket) => this.accept(socket));
  }

  /**
   * @param prepare what has to be known before a daemon is welcome; meanwhile the socket keeps a second supervisor away
   * @throws when another supervisor listens already
   */
  async listen(prepare: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    try {
      await this.bind();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (await answers(this.options.socket))
        throw new Error('Another supervisor serves this spool.', { cause: error });
      unlinkSync(this.options.socket);
      await this.bind();
    }
    await prepare();
    this.ready = true;
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Ends everything, then calls onExit. */
  leave(detail: string, graceS: number): void {
    if (!this.leaving) this.server.close();
    this.leaving = true;
    this.table.endAll({ cause: 'agent_lost', detail }, graceS);
    this.leaveIfDone();
  }

  private bind(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.socket, () => {
        this.server.off('error', reject);
        chmodSync(this.options.socket, 0o600);
        resolve();
      });
    });
  }

  private accept(socket: Socket): void {
    const link: Link = new LineSocket(socket, (message) => this.handle(link, message));
    link.onClose(() => {
      if (this.daemon !== link) return;
      this.daemon = undefined;
      this.table.unreported.daemonPresent = false;
    });
  }

  private handle(link: Link, message: ToSupervisor): void {
    if (message.t === 'hello') {
      this.greet(link, message);
      return;
    }
    if (link !== this.daemon) return;
    this.heard();
    switch (message.t) {
      case 'spawn':
        if (!this.leaving) this.table.launch(message.order, this.baseEnv);
        break;
      case 'end':
        this.table.end(message.execution_id, { cause: message.cause, detail: message.detail }, message.grace_s);
        break;
      case 'forget':
        this.table.unreported.forget(message.ids);
        this.leaveIfDone();
        break;
      case 'ping':
        link.send({ t: 'pong' });
        break;
      case 'shutdown':
        this.leave('The worker was stopped.', message.grace_s);
        break;
    }
  }

  private greet(link: Link, hello: Extract<ToSupervisor, { t: 'hello' }>): void {
    if (!this.ready) {
      // It tries again.
      link.destroy();
      return;
    }
    if (this.leaving || (this.daemon !== undefined && performance.now() - this.heardAt < ALIVE_MS)) {
      const reason = this.leaving
        ? 'The supervisor is leaving.'
        : 'Another worker daemon runs on this spool; give this one another DROVER_NODE_NAME or DROVER_DATA_DIR.';
      link.send({ t: 'refused', reason });
      link.end();
      return;
    }
    this.daemon?.destroy();
    this.daemon = link;
    this.baseEnv = hello.base_env;
    this.heard();
    this.table.unreported.daemonPresent = true;
    link.send({
      t: 'welcome',
      protocol: SUPERVISOR_PROTOCOL,
      pid: process.pid,
      running: this.table.list(),
      ended: this.table.unreported.records(),
    });
  }

  private heard(): void {
    this.heardAt = performance.now();
    this.silentTicks = 0;
  }

  private tick(): void {
    this.silentTicks++;
    if (this.silentTicks * TICK_MS < this.options.leaseS * 1000) return;
    this.leave(`The worker daemon was away for ${this.options.leaseS} s.`, LEASE_GRACE_S);
  }

  /** Once nothing runs any more and every end is reported or on disk. */
  private leaveIfDone(): void {
    if (!this.leaving || this.table.size > 0) return;
    clearInterval(this.timer);
    this.table.stop();
    this.table.unreported.write();
    this.daemon?.end();
    this.options.onExit();
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(true));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
