import type { Bus } from './bus.js';

type Handler = (topic: string, payload: string) => void;

/** Who listens in this process. Every adapter hands what it receives to one of these. */
export class Listeners {
  private readonly exact = new Map<string, Set<Handler>>();
  private readonly prefixes = new Map<string, Set<Handler>>();

  add(kind: 'exact' | 'prefix', name: string, handler: Handler): () => void {
    const table = kind === 'exact' ? this.exact : this.prefixes;
    const handlers = table.get(name) ?? new Set<Handler>();
    table.set(name, handlers.add(handler));
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0) table.delete(name);
    };
  }

  deliver(topic: string, payload: string): void {
    for (const handler of this.exact.get(topic) ?? []) call(handler, topic, payload);
    for (const [prefix, handlers] of this.prefixes) if (topic.startsWith(prefix)) for (const handler of handlers) call(handler, topic, payload);
  }
}

/** A listener's fault is the listener's. */
function call(handler: Handler, topic: string, payload: string): void {
  try {
    handler(topic, payload);
  } catch (error) {
    process.emitWarning(`a bus listener of ${topic} threw: ${String(error)}`);
  }
}

/** Rings of a few milliseconds, each topic and payload once. */
export class Coalescer {
  private readonly waiting = new Map<string, [string, string]>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly send: (rings: [string, string][]) => void,
    private readonly ms = 3,
  ) {}

  add(topic: string, payload: string): void {
    this.waiting.set(`${topic}\u0001${payload}`, [topic, payload]);
    this.timer ??= setTimeout(() => this.flush(), this.ms);
  }

  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const rings = [...this.waiting.values()];
    this.waiting.clear();
    if (rings.length > 0) this.send(rings);
  }
}

/** Within one process. */
export function createLocalBus(): Bus {
  const listeners = new Listeners();
  const rings = new Coalescer((batch) => batch.forEach(([topic, payload]) => listeners.deliver(topic, payload)));
  return {
    publish: (topic, payload = '') => rings.add(topic, payload),
    subscribe: (topic, handler) => subscription(listeners.add('exact', topic, (_topic, payload) => handler(payload))),
    subscribePrefix: (prefix, handler) => subscription(listeners.add('prefix', prefix, handler)),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export function subscription(end: () => void): Promise<() => Promise<void>> {
  return Promise.resolve(() => {
    end();
    return Promise.resolve();
  });
}
