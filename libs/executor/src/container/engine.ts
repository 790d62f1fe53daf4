import type { Duplex, Readable } from 'node:stream';
import Docker from 'dockerode';
import type { Stream } from '@drover/domain';
import { attachTo } from './attach.js';
import type { ContainerConfinement } from './confinement.js';
import type { RegistryLogin } from './credentials.js';
import { Demuxer } from './demux.js';

/** Milliseconds for an answer of the engine, which on a busy node may take long to make a container. */
const ANSWER_MS = 120_000;
/** Between two bytes of a log that is not followed, or of a pull's progress. */
const QUIET_MS = 60_000;

/** unreachable: nobody answers. missing: there is no such image or container. refused: the engine says no. */
export type EngineFault = 'unreachable' | 'missing' | 'refused';

/** The engine did not do what it was asked. The message is the engine's, in one line. */
export class EngineError extends Error {
  constructor(
    readonly fault: EngineFault,
    message: string,
    readonly status: number | null = null,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}

export interface ContainerPlan {
  name: string;
  image: string;
  command: string | string[];
  env: Record<string, string>;
  labels: Record<string, string>;
  extra_hosts: Record<string, string>;
  workdir?: string;
  /** Folder of this machine, and where the container sees it. */
  mount?: { from: string; to: string };
  network?: string;
  memory_bytes?: number;
  cpus?: number;
  stdin: boolean;
  confinement: ContainerConfinement;
}

export interface ContainerState {
  running: boolean;
  /** Made, never started. */
  created: boolean;
  exit_code: number;
  oom: boolean;
  pid: number | null;
  /** The engine's words for a failed start. */
  error: string;
  started_at: string;
}

export interface FoundContainer {
  id: string;
  labels: Record<string, string>;
}

/**
 * Docker, or whatever speaks its API on a socket (Podman), in the words this library needs. Every call has a time-out
 * and throws EngineError.
 */
export class Engine {
  private readonly docker: Docker;

  constructor(readonly socketPath: string) {
    this.docker = new Docker({ socketPath });
  }

  async hasImage(image: string): Promise<boolean> {
    try {
      await this.ask((abortSignal) =>
        this.docker.getImage(image).inspect({ abortSignal } as Docker.ImageInspectOptions),
      );
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.fault === 'missing') return false;
      throw error;
    }
  }

  /** Fetches an image. `onProgress` gets the engine's messages. */
  async pull(
    image: string,
    login: RegistryLogin | undefined,
    onProgress: (message: PullMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stream = await this.ask(
      (abortSignal) => this.docker.pull(image, { abortSignal, ...(login === undefined ? {} : { authconfig: login }) }),
      signal,
    );
    let rest = '';
    let failure: string | undefined;
    const take = (line: string): void => {
      const message = parse(line);
      if (message?.error !== undefined) failure = message.error;
      else if (message !== undefined) onProgress(message);
    };
    await drain(stream as Readable, signal, (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    });
    take(rest);
    if (failure !== undefined) throw new EngineError('refused', oneLine(failure));
  }

  async create(plan: ContainerPlan): Promise<string> {
    const [cmd, entrypoint] =
      typeof plan.command === 'string' ? [[plan.command], ['/bin/sh', '-c']] : [plan.command, undefined];
    const container = await this.ask((abortSignal) =>
      this.docker.createContainer({
        abortSignal,
        name: plan.name,
        Image: plan.image,
        Cmd: cmd,
        ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
        Env: Object.entries(plan.env).map(([key, value]) => `${key}=${value}`),
        Labels: plan.labels,
        ...(plan.workdir === undefined ? {} : { WorkingDir: plan.workdir }),
        AttachStdout: true,
        AttachStderr: true,
        AttachStdin: plan.stdin,
        OpenStdin: plan.stdin,
        StdinOnce: plan.stdin,
        Tty: false,
        ...(plan.confinement.user === null ? {} : { User: plan.confinement.user }),
        HostConfig: {
          ...confined(plan.confinement),
          // The engine's own log is what an interrupted reading goes on from: never a driver that cannot be read back.
          LogConfig: { Type: 'json-file', Config: {} },
          ExtraHosts: Object.entries(plan.extra_hosts).map(([host, address]) => `${host}:${address}`),
          ...(plan.network === undefined ? {} : { NetworkMode: plan.network }),
          ...(plan.mount === undefined ? {} : { Binds: [`${plan.mount.from}:${plan.mount.to}`] }),
          ...(plan.memory_bytes === undefined ? {} : { Memory: plan.memory_bytes, MemorySwap: plan.memory_bytes }),
          ...(plan.cpus === undefined ? {} : { NanoCpus: Math.round(plan.cpus * 1e9) }),
        },
      }),
    );
    return container.id;
  }

  /** Output as it is produced, multiplexed; with `stdin` also the way in. Before the start, so that no byte is missed. */
  async attach(id: string, stdin: boolean): Promise<Duplex> {
    return this.ask((signal) => attachTo(this.socketPath, id, stdin, signal));
  }

  async start(id: string): Promise<void> {
    try {
      await this.ask((abortSignal) => this.docker.getContainer(id).start({ abortSignal }));
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 304)) throw error;
    }
  }

  /** Null: there is no such container. */
  async inspect(id: string): Promise<ContainerState | null> {
    try {
      const { State: state } = await this.ask((abortSignal) => this.docker.getContainer(id).inspect({ abortSignal }));
      const status = String(state.Status);
      // Podman says `initialized` from the attach on, and `stopped` when the process is gone but not cleaned up after
      // yet.
      const created = ['created', 'initialized', 'configured'].includes(status);
      return {
        running: !created && !['exited', 'dead', 'stopped', 'removing'].includes(status),
        created,
        exit_code: state.ExitCode,
        oom: state.OOMKilled,
        pid: state.Pid > 0 ? state.Pid : null,
        error: oneLine(state.Error ?? ''),
        started_at: state.StartedAt,
      };
    } catch (error) {
      if (error instanceof EngineError && error.fault === 'missing') return null;
      throw error;
    }
  }

  /** Comes back when the container does not run, or the engine lost patience. */
  async wait(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.docker.getContainer(id).wait({ abortSignal: signal });
    } catch (error) {
      throw engineError(error);
    }
  }

  /** Everything a container has written so far, from the engine's log. */
  async readLog(id: string, sink: (stream: Stream, bytes: Buffer) => void): Promise<void> {
    const stream = await this.ask(
      (signal) =>
        new Promise<Readable>((resolve, reject) => {
          const answer = (error: unknown, body: unknown): void =>
            error ? reject(error as Error) : resolve(body as Readable);
          this.docker.modem.dial(
            {
              path: `/containers/${id}/logs?`,
              method: 'GET',
              abortSignal: signal,
              isStream: true,
              statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
              options: { stdout: true, stderr: true, follow: false },
            } as Parameters<Docker['modem']['dial']>[0],
            answer,
          );
        }),
    );
    const demuxer = new Demuxer(sink);
    await drain(stream, undefined, (chunk) => demuxer.push(chunk));
  }

  /** TERM, after the grace KILL; comes back when the container has ended. */
  async stop(id: string, graceS: number): Promise<void> {
    await this.quiet(
      (abortSignal) => this.docker.getContainer(id).stop({ abortSignal, t: Math.max(0, Math.round(graceS)) }),
      graceS * 1000,
    );
  }

  async kill(id: string): Promise<void> {
    await this.quiet((abortSignal) => this.docker.getContainer(id).kill({ abortSignal, signal: 'SIGKILL' }));
  }

  /** Ends it if need be. One that is gone, or going, is fine. */
  async remove(id: string): Promise<void> {
    await this.quiet((abortSignal) => this.docker.getContainer(id).remove({ abortSignal, force: true, v: true }));
  }

  /** The containers, whatever their state. */
  async list(label: string, value: string): Promise<FoundContainer[]> {
    const found = await this.ask((abortSignal) =>
      this.docker.listContainers({ abortSignal, all: true, filters: { label: [`${label}=${value}`] } }),
    );
    return found.map(({ Id, Labels }) => ({ id: Id, labels: Labels }));
  }

  /** A call whose aim is reached when the container is not there or does not run. */
  private async quiet(call: (signal: AbortSignal) => Promise<unknown>, longer = 0): Promise<void> {
    try {
      await this.ask(call, undefined, longer);
    } catch (error) {
      if (error instanceof EngineError && (error.fault === 'missing' || error.status === 304 || error.status === 409))
        return;
      throw error;
    }
  }

  private async ask<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal, longer = 0): Promise<T> {
    // Not AbortSignal.timeout: what the call gives back may be a stream that lives on.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_MS + longer);
    try {
      return await call(signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]));
    } catch (error) {
      throw late.signal.aborted
        ? new EngineError('unreachable', `no answer within ${ANSWER_MS / 1000} s`)
        : engineError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The confinement in the words of the engine. */
function confined({ capabilities, pids, read_only }: ContainerConfinement): Docker.HostConfig {
  return {
    CapDrop: ['ALL'],
    CapAdd: capabilities.map((name) => `CAP_${name}`),
    SecurityOpt: ['no-new-privileges'],
    PidsLimit: pids,
    ...(read_only ? { ReadonlyRootfs: true, Tmpfs: { '/tmp': 'rw,nosuid,nodev,mode=1777' } } : {}),
  };
}

export interface PullMessage {
  status?: string;
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
}

function parse(line: string): PullMessage | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a stream to its end; one that stays silent too long, is cut, or aborted fails. */
async function drain(stream: Readable, signal: AbortSignal | undefined, take: (chunk: Buffer) => void): Promise<void> {
  const timer = setTimeout(
    () => stream.destroy(new EngineError('unreachable', `no byte for ${QUIET_MS / 1000} s`)),
    QUIET_MS,
  );
  const abort = (): void => void stream.destroy(new EngineError('unreachable', 'given up'));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for await (const chunk of stream) {
      timer.refresh();
      take(chunk as Buffer);
    }
  } catch (error) {
    throw engineError(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function engineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { statusCode, json, message } = error as { statusCode?: number; json?: { message?: string }; message: string };
  if (statusCode === undefined) return new EngineError('unreachable', oneLine(message));
  const said = typeof json?.message === 'string' ? json.message : message.replace(/^\(HTTP code \d+\) [^-]*- /, '');
  return new EngineError(statusCode === 404 ? 'missing' : 'refused', oneLine(said), statusCode);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
