import { useEffect, useRef } from 'react';
import { follow } from './follow.js';
import type { JobEvent } from './types.js';

type Listener = (events: readonly JobEvent[]) => void;

/** Events that come within this time are told together: a thousand a second are no more work than ten. */
const TOGETHER_MS = 250;

/** One stream of what happens to jobs, for all screens of this page; open while somebody listens. */
class EventHub {
  private readonly listeners = new Set<Listener>();
  private heard: JobEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop: AbortController | null = null;

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.stop === null) this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.stop?.abort();
      this.stop = null;
    };
  }

  private open(): void {
    const stop = (this.stop = new AbortController());
    const onEvent = ({ event, data }: { event: string | undefined; data: string }): void => {
      if (event === 'trouble') return;
      // The record is another one: what happened in it is no news.
      if (event === 'restart') {
        stop.abort();
        if (this.stop === stop) this.open();
        return;
      }
      this.heard.push(JSON.parse(data) as JobEvent);
      this.timer ??= setTimeout(() => this.tell(), TOGETHER_MS);
    };
    follow('/api/v1/events', { signal: stop.signal, onEvent }).catch(() => {
      // Refused: the queries of the same screen say why.
      if (this.stop === stop) this.stop = null;
    });
  }

  private tell(): void {
    this.timer = undefined;
    const events = this.heard;
    this.heard = [];
    for (const listener of this.listeners) listener(events);
  }
}

const hub = new EventHub();

/** Calls `listener` with what happens to jobs, several events at a time, while the component is there. */
export function useJobEvents(listener: Listener): void {
  const present = useRef(listener);
  useEffect(() => {
    present.current = listener;
  });
  useEffect(() => hub.listen((events) => present.current(events)), []);
}
