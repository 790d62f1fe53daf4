type TopicHandler = (payload: string) => void;
type PrefixHandler = (topic: string, payload: string) => void;

/** The listeners of this process, by topic. */
export class Topics {
  private readonly exact = new Map<string, Set<TopicHandler>>();
  private readonly prefixed = new Map<string, Set<PrefixHandler>>();

  constructor(private readonly failed: (error: unknown) => void) {}

  /** True when nobody had listened to this topic before. */
  add(topic: string, handler: TopicHandler): boolean {
    return addTo(this.exact, topic, handler);
  }

  /** True when nobody listens to this topic any more. */
  remove(topic: string, handler: TopicHandler): boolean {
    return removeFrom(this.exact, topic, handler);
  }

  addPrefix(prefix: string, handler: PrefixHandler): boolean {
    return addTo(this.prefixed, prefix, handler);
  }

  removePrefix(prefix: string, handler: PrefixHandler): boolean {
    return removeFrom(this.prefixed, prefix, handler);
  }

  topics(): string[] {
    return [...this.exact.keys()];
  }

  prefixes(): string[] {
    return [...this.prefixed.keys()];
  }

  clear(): void {
    this.exact.clear();
    this.prefixed.clear();
  }

  /** Delivers to the listeners of exactly this topic and to those of every prefix of it. */
  deliver(topic: string, payload: string): void {
    this.deliverExact(topic, payload);
    for (const prefix of this.prefixed.keys())
      if (topic.startsWith(prefix)) this.deliverPrefixed(prefix, topic, payload);
  }

  deliverExact(topic: string, payload: string): void {
    for (const handler of this.exact.get(topic) ?? []) this.call(() => handler(payload));
  }

  deliverPrefixed(prefix: string, topic: string, payload: string): void {
    for (const handler of this.prefixed.get(prefix) ?? []) this.call(() => handler(topic, payload));
  }

  private call(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      // One listener that throws must not keep the others from hearing.
      this.failed(error);
    }
  }
}

function addTo<H>(map: Map<string, Set<H>>, key: string, handler: H): boolean {
  const set = map.get(key);
  if (set) set.add(handler);
  else map.set(key, new Set([handler]));
  return !set;
}

function removeFrom<H>(map: Map<string, Set<H>>, key: string, handler: H): boolean {
  const set = map.get(key);
  if (!set?.delete(handler) || set.size > 0) return false;
  map.delete(key);
  return true;
}
