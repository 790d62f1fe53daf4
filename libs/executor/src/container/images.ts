import { loginFor } from './credentials.js';
import { EngineError, type Engine, type PullMessage } from './engine.js';
import { withTag } from './image-name.js';

/** missing: fetch what the engine does not have. always: ask the registry each time. never: only what is there. */
export type PullPolicy = 'missing' | 'always' | 'never';

/** Between two lines about the bytes of one layer. Milliseconds. */
const PROGRESS_MS = 1_000;

interface Pull {
  done: Promise<void>;
  listeners: Set<(line: string) => void>;
  stop: AbortController;
}

/** Sees to it that the engine has an image. Several executions that want the same one share one pull. */
export class Images {
  private readonly pulls = new Map<string, Pull>();

  constructor(
    private readonly engine: Engine,
    private readonly options: { policy: PullPolicy; authFile: string | null },
  ) {}

  /**
   * @param onPull called before a pull begins, with nothing pulled it is not called
   * @param onLine progress for a person, one line without its end
   * @throws Error with a sentence; EngineError when the engine is not there
   */
  async ensure(image: string, onPull: () => void, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    const name = withTag(image);
    const { policy } = this.options;
    const there = policy === 'always' ? false : await this.engine.hasImage(name);
    if (there) return;
    if (policy === 'never')
      throw new Error(`The image ${image} is not on this node, and DROVER_CONTAINER_PULL=never forbids to fetch it.`);
    onPull();
    const pull = this.pulls.get(name) ?? this.begin(name);
    pull.listeners.add(onLine);
    onLine(`pulling ${name}`);
    try {
      await Promise.race([pull.done, aborted(signal)]);
    } finally {
      pull.listeners.delete(onLine);
      // The last one who wanted it has gone.
      if (pull.listeners.size === 0 && this.pulls.get(name) === pull) {
        this.pulls.delete(name);
        pull.stop.abort();
      }
    }
  }

  private begin(name: string): Pull {
    const listeners = new Set<(line: string) => void>();
    const stop = new AbortController();
    const pull = {
      done: this.pull(name, (line) => listeners.forEach((listener) => listener(line)), stop.signal),
      listeners,
      stop,
    };
    this.pulls.set(name, pull);
    pull.done.catch(() => undefined).finally(() => this.pulls.get(name) === pull && this.pulls.delete(name));
    return pull;
  }

  private async pull(name: string, tell: (line: string) => void, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const seen = new Map<string, { line: string; at: number }>();
    try {
      await this.engine.pull(
        name,
        await loginFor(name, this.options.authFile),
        (message) => tellOnce(message, seen, tell),
        signal,
      );
    } catch (error) {
      if (error instanceof EngineError && error.fault === 'unreachable') throw error;
      throw new Error(`The image ${name} could not be pulled: ${(error as Error).message}.`, { cause: error });
    }
    tell(`pulled ${name} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
}

/** Steps once, counts of bytes now and then. */
function tellOnce(
  message: PullMessage,
  seen: Map<string, { line: string; at: number }>,
  tell: (line: string) => void,
): void {
  const { status = '', id = '', progressDetail } = message;
  const now = performance.now();
  const last = seen.get(id);
  const step = id === '' ? status.trim() : `${id}: ${status.trim()}`;
  if (step === '' || (last?.line === step && (progressDetail?.current === undefined || now - last.at < PROGRESS_MS)))
    return;
  seen.set(id, { line: step, at: now });
  const { current, total } = progressDetail ?? {};
  const amount = current === undefined ? '' : total ? ` ${mib(current)} of ${mib(total)} MiB` : ` ${mib(current)} MiB`;
  tell(`${step}${amount}`.slice(0, 500));
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => reject(new EngineError('unreachable', 'given up'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
