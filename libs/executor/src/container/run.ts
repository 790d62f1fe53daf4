import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTAINER_WORK, type LaunchOrder } from '../messages.js';
import { classify, type Ending, type Verdict } from '../supervisor/classify.js';
import { oomKills } from '../supervisor/watch.js';
import type { ContainerConfinement } from './confinement.js';
import { termIsLostOn } from './deaf.js';
import { EngineError, type ContainerState, type Engine } from './engine.js';
import { Follower } from './follow.js';
import type { Images } from './images.js';
import { Output } from './output.js';
import { writeContainerRecord, type ContainerRecord } from './record.js';

/** Beyond the grace, before a container that does not end is killed again. Milliseconds. */
const KILL_AGAIN_MS = 2_000;

export interface RunSettings {
  engine: Engine;
  images: Images;
  /** Told of every container, so that this spool's can be found again. */
  labels: Record<string, string>;
  network: string | null;
  /** Do not wait out a grace that nobody can use. */
  quickStop: boolean;
  confinement: ContainerConfinement;
}

export interface RunEvents {
  phase(phase: string): void;
  started(pid: number | null, spawnedAt: string, containerId: string, preambleBytes: number): void;
  trouble(error: Error): void;
}

/** Why an execution came to no container: its cause and one sentence. */
class Failed extends Error {
  constructor(readonly ending: Ending) {
    super(ending.detail);
  }
}

type Order = ContainerRecord['order'] & Partial<LaunchOrder>;

/** One execution in a container: from its order, or from a container found again, to its end. */
export class ContainerRun {
  containerId: string | undefined;
  pid: number | null = null;
  spawnedAt: string | null = null;
  preambleBytes = 0;
  ending: Ending | undefined;
  output: Output | undefined;
  /** The process runs, or may. */
  private live = false;
  private readonly early = new AbortController();
  private killAt = Infinity;
  private over = false;
  private oomsBefore = 0;

  constructor(
    readonly order: Order,
    private readonly settings: RunSettings,
    private readonly events: RunEvents,
  ) {}

  /** Runs it to its end. The container still exists afterwards; see `remove`. */
  async run(): Promise<Verdict> {
    return this.guarded(async () => {
      await this.fetchImage();
      await this.create();
      return this.startAndFollow();
    });
  }

  /** Goes on with a container that was found. */
  async adopt(containerId: string, state: ContainerState, record: ContainerRecord): Promise<Verdict> {
    this.containerId = containerId;
    this.preambleBytes = record.preamble_bytes;
    return this.guarded(async () => {
      if (state.created) return this.startAndFollow();
      this.spawnedAt = wallClock(state.started_at);
      this.pid = state.pid;
      this.live = true;
      this.events.started(this.pid, this.spawnedAt, containerId, this.preambleBytes);
      return this.follow(undefined);
    });
  }

  /** TERM, grace, KILL. Before the start: there will be none. The first cause stays, the grace may shrink. */
  end(ending: Ending, graceS: number): void {
    if (this.over) return;
    this.ending ??= ending;
    this.early.abort();
    const killAt = performance.now() + graceS * 1000;
    if (killAt >= this.killAt) return;
    this.killAt = killAt;
    if (this.live) void this.terminate(graceS);
  }

  /** Milliseconds of run time so far. */
  get ranMs(): number {
    return this.spawnedAt === null ? 0 : Date.now() - Date.parse(this.spawnedAt);
  }

  /** False: the engine did not; try again later. */
  async remove(): Promise<boolean> {
    if (this.containerId === undefined) return true;
    try {
      await this.settings.engine.remove(this.containerId);
      return true;
    } catch (error) {
      this.events.trouble(error as Error);
      return false;
    }
  }

  private async guarded(work: () => Promise<Verdict>): Promise<Verdict> {
    try {
      this.output = Output.open(this.order.folder);
      return await work();
    } catch (error) {
      return classify([], this.ending ?? endingOf(error as Error));
    } finally {
      this.over = true;
      this.output?.close();
    }
  }

  private async fetchImage(): Promise<void> {
    const { order, settings } = this;
    writeContainerRecord({ order, preamble_bytes: 0 });
    const line = (text: string): void => this.output?.write('stderr', Buffer.from(`drover: ${text}\n`));
    await settings.images.ensure(
      order.container?.image ?? '',
      () => this.events.phase('pulling'),
      line,
      this.early.signal,
    );
    this.preambleBytes = this.output?.size.stderr ?? 0;
    if (this.preambleBytes > 0) writeContainerRecord({ order, preamble_bytes: this.preambleBytes });
    this.stopIfEnded();
  }

  private async create(): Promise<void> {
    const { order, settings } = this;
    const { container, limits } = order;
    if (container === undefined || order.command === undefined)
      throw new Failed({ cause: 'spawn_error', detail: 'The order names no container.' });
    if ((order.tasks ?? 1) > 1)
      throw new Failed({
        cause: 'spawn_error',
        detail: 'A job in a container has one task; ask for one, or run it without an image.',
      });
    try {
      this.containerId = await settings.engine.create({
        name: `drover-${order.execution_id}`,
        image: container.image,
        command: order.command,
        env: { ...order.env, DROVER_EXECUTION_ID: order.execution_id },
        labels: { ...settings.labels, [EXECUTION_LABEL]: order.execution_id },
        extra_hosts: container.extra_hosts,
        ...(container.workdir === undefined ? {} : { workdir: container.workdir }),
        ...(container.mount && order.cwd !== undefined ? { mount: { from: order.cwd, to: CONTAINER_WORK } } : {}),
        ...(settings.network === null ? {} : { network: settings.network }),
        ...(limits.memory_bytes === undefined ? {} : { memory_bytes: limits.memory_bytes }),
        ...(container.cpus === undefined ? {} : { cpus: container.cpus }),
        stdin: order.stdin,
        confinement: settings.confinement,
      });
    } catch (error) {
      throw unlessUnreachable(error, 'The container could not be made');
    }
  }

  private async startAndFollow(): Promise<Verdict> {
    const { engine } = this.settings;
    const id = this.containerId as string;
    this.stopIfEnded();
    this.oomsBefore = oomKills();
    let attached: Duplex;
    try {
      attached = await engine.attach(id, this.order.stdin);
      this.live = true;
      await engine.start(id);
    } catch (error) {
      throw unlessUnreachable(error, 'The container could not be started');
    }
    this.spawnedAt = new Date().toISOString();
    const follower = new Follower(engine, id, this.output as Output, this.preambleBytes, attached, (error) =>
      this.trouble(error),
    );
    if (this.order.stdin) feed(join(this.order.folder, 'stdin'), attached);
    this.pid = await engine.inspect(id).then(
      (state) => state?.pid ?? null,
      () => null,
    );
    this.events.started(this.pid, this.spawnedAt, id, this.preambleBytes);
    // It was to end while it was being started.
    if (this.killAt < Infinity) void this.terminate(Math.max(0, (this.killAt - performance.now()) / 1000));
    return this.follow(follower);
  }

  private async follow(attached: Follower | undefined): Promise<Verdict> {
    const follower =
      attached ??
      new Follower(
        this.settings.engine,
        this.containerId as string,
        this.output as Output,
        this.preambleBytes,
        undefined,
        (error) => this.trouble(error),
      );
    const state = await follower.untilEnd();
    this.live = false;
    if (state === null)
      throw new Failed({ cause: 'agent_lost', detail: 'Somebody removed the container while it ran.' });
    await follower.complete();
    this.ending ??= this.afterwards(state);
    return classify([{ code: state.exit_code, signal: null }], this.ending);
  }

  /** Finds out which limit, if any, was behind the end of a container that ended by itself. */
  private afterwards(state: ContainerState): Ending | undefined {
    const { output_bytes, memory_bytes } = this.order.limits;
    if (output_bytes !== undefined && (this.output?.total ?? 0) - this.preambleBytes > output_bytes) {
      return { cause: 'output_limit', detail: `The output grew to more than the limit of ${output_bytes} bytes.` };
    }
    // Podman on cgroup v1 does not say; the kernel's count of such kills does, when the engine is on this machine.
    if (state.oom || (state.exit_code === 137 && memory_bytes !== undefined && oomKills() > this.oomsBefore)) {
      const limit =
        memory_bytes === undefined
          ? 'memory was used up'
          : `it used more than its limit of ${Math.round(memory_bytes / 1024 / 1024)} MiB`;
      return { cause: 'oom', detail: `The kernel killed the container because ${limit}.` };
    }
    if (state.error !== '' && state.exit_code !== 0)
      return { cause: 'spawn_error', detail: `The container could not be started: ${state.error}.` };
    return undefined;
  }

  private async terminate(graceS: number): Promise<void> {
    const { engine } = this.settings;
    const id = this.containerId as string;
    try {
      if (graceS > 0 && this.settings.quickStop && (await termIsLostOn(this.pid))) this.killAt = 0;
      else if (graceS > 0) await engine.stop(id, graceS);
    } catch (error) {
      this.trouble(error as Error);
    }
    while (this.live) {
      if (performance.now() >= this.killAt) await engine.kill(id).catch((error: Error) => this.trouble(error));
      await sleep(Math.min(KILL_AGAIN_MS, Math.max(100, this.killAt - performance.now())));
    }
  }

  private stopIfEnded(): void {
    if (this.ending !== undefined) throw new Failed(this.ending);
  }

  private trouble(error: Error): void {
    if (diskFull(error))
      this.end({ cause: 'disk_full', detail: 'The disk of the node is full: the output could not be kept.' }, 2);
    this.events.trouble(error);
  }
}

/** Label by which a container says whose it is. */
export const EXECUTION_LABEL = 'drover.execution';

function feed(path: string, attached: Duplex): void {
  const file = createReadStream(path);
  file.on('error', () => attached.end());
  // A program that does not read its input closes the way in: not our concern.
  attached.on('error', () => file.destroy());
  file.pipe(attached);
}

/** The engine's own clock where it makes sense: Podman writes the year 1 for "never". */
function wallClock(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) || time < 0 ? new Date().toISOString() : new Date(time).toISOString();
}

const diskFull = (error: Error): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** An engine that is away is not the job's fault: it is tried again elsewhere. Anything else is. */
function unlessUnreachable(error: unknown, what: string): Error {
  if (error instanceof EngineError && error.fault !== 'unreachable')
    return new Failed({ cause: 'spawn_error', detail: `${what}: ${error.message}.` });
  return error as Error;
}

function endingOf(error: Error): Ending {
  if (error instanceof Failed) return error.ending;
  if (error instanceof EngineError && error.fault === 'unreachable')
    return { cause: 'agent_lost', detail: `The container engine cannot be reached: ${error.message}.` };
  if (diskFull(error))
    return { cause: 'disk_full', detail: 'The disk of the node is full: the output files could not be created.' };
  return { cause: 'spawn_error', detail: error.message };
}
