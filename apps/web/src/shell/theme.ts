import { useSyncExternalStore } from 'react';
import { keep, recall } from '../lib/kept.js';

type Choice = 'light' | 'dark' | 'system';

const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice = recall<Choice>('theme', 'system');

const shown = (): 'light' | 'dark' => (choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice);

/** Shows the look that was chosen, else the one that the system prefers, and follows the system. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = shown();
  dark.addEventListener('change', refresh);
}

function refresh(): void {
  document.documentElement.dataset['theme'] = shown();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The look that is shown, and a switch to the other one. The system's own look is followed again once it is chosen. */
export function useTheme(): ['light' | 'dark', () => void] {
  const now = useSyncExternalStore(subscribe, shown);
  return [
    now,
    () => {
      const next = now === 'light' ? 'dark' : 'light';
      choice = next === (dark.matches ? 'dark' : 'light') ? 'system' : next;
      keep('theme', choice);
      refresh();
    },
  ];
}
