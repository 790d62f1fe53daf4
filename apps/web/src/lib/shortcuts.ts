import { useEffect, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** A key as `KeyboardEvent.key` has it, or two one after another: `j`, `?`, `g j`. */
  keys: string;
  /** The act, for the sheet: `Next job`. */
  does: string;
  run: (event: KeyboardEvent) => void;
}

interface Group {
  name: string;
  shortcuts: readonly Shortcut[];
}

/** The second key of a pair comes within this time. */
const PAIR_MS = 1_000;
const ELSEWHERE = [
  'input:not([type=checkbox]), textarea, select, [contenteditable]',
  '[popover], [role=dialog], [role=menu], [role=listbox]',
].join();
const groups = new Set<Group>();
const listeners = new Set<() => void>();
let shown: readonly Group[] = [];
let first: { key: string; at: number } | null = null;

const changed = (): void => {
  shown = [...groups];
  for (const listener of listeners) listener();
};

/** Keys belong to what is being typed in, and to a dialog or menu that is open. Nobody types into a box to tick. */
function isElsewhere({ target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest(ELSEWHERE) !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) return;
  const pair = first && performance.now() - first.at < PAIR_MS ? `${first.key} ${event.key}` : null;
  first = { key: event.key, at: performance.now() };
  // The newest group is that of what lies on top.
  const all = [...groups].reverse().flatMap(({ shortcuts }) => shortcuts);
  const found = all.find(({ keys }) => keys === pair) ?? all.find(({ keys }) => keys === event.key);
  if (!found) return;
  // Enter on a link or a button is theirs.
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button')) return;
  event.preventDefault();
  first = null;
  found.run(event);
}

/** Keys that do something while the component is there. `shortcuts` may be new at each render. */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    if (shortcuts.length === 0) return;
    const group = { name, shortcuts };
    if (groups.size === 0) addEventListener('keydown', onKey);
    groups.add(group);
    changed();
    return () => {
      groups.delete(group);
      if (groups.size === 0) removeEventListener('keydown', onKey);
      changed();
    };
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The keys that do something at this moment, by group. */
export const useShownShortcuts = (): readonly Group[] => useSyncExternalStore(subscribe, () => shown);
