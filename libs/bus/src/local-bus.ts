import type { Bus, BusOptions } from './port.js';
import { SendBuffer } from './send-buffer.js';
import { asError } from './settle.js';
import { Topics } from './topics.js';

/** A bus within this process: for tests, and where one process is all there is. */
export function createLocalBus(options: Pick<BusOptions, 'onError'> = {}): Bus {
  const topics = new Topics((error) => options.onError?.(asError(error)));
  const buffer = new SendBuffer((messages) => {
    for (const [topic, payload] of messages) topics.deliver(topic, payload);
  });
  return {
    publish: (topic, payload = '') => buffer.put(topic, payload),
    subscribe: async (topic, handler) => {
      // A function of its own each time: the same handler may be subscribed twice.
      const own = (payload: string) => handler(payload);
      topics.add(topic, own);
      return async () => void topics.remove(topic, own);
    },
    subscribePrefix: async (prefix, handler) => {
      const own = (topic: string, payload: string) => handler(topic, payload);
      topics.addPrefix(prefix, own);
      return async () => void topics.removePrefix(prefix, own);
    },
    ping: async () => undefined,
    close: async () => {
      buffer.close();
      topics.clear();
    },
  };
}
