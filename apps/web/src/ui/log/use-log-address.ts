import { useCallback } from 'react';
import type { LogPattern } from '../../api/logs.js';
import { useAddress, withParts, type AddressParts } from '../../lib/address.js';
import { hashOf, rangeOf, type LineRange } from './line-text.js';

interface LogAddress {
  /** The lines that the address names; null: none. */
  chosen: LineRange | null;
  /** The lines that the address names now, whatever was drawn last. For handlers. */
  newestChosen: () => LineRange | null;
  /** The time whose line is wanted (ISO 8601); null: none. */
  at: string | null;
  /** The execution that the address names; null: the last one. */
  execution: string | null;
  /** The search of the address; null: none. */
  pattern: LogPattern | null;
  /** Lines around each hit where only hits show; null: the whole log shows. */
  around: number | null;
  /** Changes parts of the query (null takes one out), and the chosen lines where they are given. */
  change: (parts: AddressParts, range?: LineRange | null) => void;
}

/** The address of the log: everything that somebody would send to somebody else. */
export function useLogAddress(): LogAddress {
  const { search: query, hash, newest, change: changeAddress } = useAddress();
  const text = query.get('q');
  const kind = query.get('match');
  const errors = kind === 'errors';
  const only = query.get('only');
  const change = useCallback(
    (parts: AddressParts, range?: LineRange | null): void =>
      changeAddress(
        (newest) => withParts(newest, parts),
        range === undefined ? {} : { hash: range === null ? '' : hashOf(range) },
      ),
    [changeAddress],
  );
  return {
    chosen: rangeOf(hash),
    newestChosen: () => rangeOf(newest().hash),
    at: query.get('at'),
    execution: query.get('execution'),
    pattern:
      errors || text
        ? {
            text: errors ? '' : (text ?? ''),
            kind: errors ? 'errors' : kind === 'regex' ? 'regex' : 'text',
            exact: query.has('case'),
          }
        : null,
    around: only === null ? null : Math.min(100, Math.max(0, Number.parseInt(only, 10) || 0)),
    change,
  };
}
