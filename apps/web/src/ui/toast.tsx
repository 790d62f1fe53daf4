import { useSyncExternalStore } from 'react';
import { sentenceOf } from '../api/fault.js';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

const SHOWN_MS = 6_000;

class Toasts {
  private list: readonly Toast[] = [];
  private readonly listeners = new Set<() => void>();
  private next = 0;

  now = (): readonly Toast[] => this.list;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(text: string, bad: boolean): void {
    const id = (this.next += 1);
    this.set([...this.list.slice(-3), { id, text, bad }]);
    setTimeout(() => this.set(this.list.filter((toast) => toast.id !== id)), SHOWN_MS);
  }

  private set(list: readonly Toast[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

const toasts = new Toasts();

/** Says for some seconds what was done. */
export const say = (text: string): void => toasts.add(text, false);
/** Says for some seconds why something was not done. */
export const sayFault = (error: unknown): void => toasts.add(sentenceOf(error), true);

/** The place where these are shown, and read out. */
export function ToastPlace() {
  const list = useSyncExternalStore(toasts.subscribe, toasts.now);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map(({ id, text, bad }) => (
        <div key={id} className={bad ? 'toast notice--bad' : 'toast'}>
          {text}
        </div>
      ))}
    </div>
  );
}
