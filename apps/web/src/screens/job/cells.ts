import type { Execution } from '../../api/types.js';
import type { Cell } from '../../ui/cell-map.js';

/** A member of a gang as a job of its own would be. */
export function stateOf({ state, cause }: Pick<Execution, 'state' | 'cause'>): Cell['state'] {
  if (state !== 'ended') return state === 'running' ? 'running' : 'claimed';
  if (cause === null) return 'succeeded';
  return cause === 'cancelled' ? 'cancelled' : 'failed';
}

interface Named {
  id: string;
  name: string | null;
  state: Cell['state'];
  cause: string | null;
  exit_code: number | null;
  node: string | null;
}

/** An element of a family in words: its name, its state and why, and its node. */
export function wordsOf({ id, name, state, cause, exit_code: exit, node }: Named): string {
  const why = cause === null ? [] : cause === 'exit_code' ? [`exit code ${exit}`] : [cause];
  return [name ?? id, state, ...why, ...(node === null ? [] : [`on ${node}`])].join(', ');
}
