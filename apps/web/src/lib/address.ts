import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** The path below which all screens are. */
export const BASE = '/ui';

/** Parts of a query; null takes one out. */
export type AddressParts = Readonly<Record<string, string | null>>;

interface Change {
  /** The fragment, with its `#`; empty: none. Default: it stays. */
  hash?: string;
  /** True: the way back leads to the address before. Default: it is replaced. */
  push?: boolean;
}

interface Address {
  pathname: string;
  /** The query, as it was when this was drawn. For what shows, not for what is changed. */
  search: URLSearchParams;
  hash: string;
  /** The query and the fragment as they are now. For handlers. */
  newest: () => { search: URLSearchParams; hash: string };
  /** Makes the new query of the newest one, whatever was drawn last. A screen that was left changes nothing. */
  change: (make: (newest: URLSearchParams) => URLSearchParams, options?: Change) => void;
}

/**
 * A browser has the new address at once; React draws it later. So a second key that comes before that would undo what
 * the first has changed, if it began with what was drawn.
 */
const newest = (): { search: URLSearchParams; hash: string } => ({
  search: new URLSearchParams(window.location.search),
  hash: window.location.hash,
});

/**
 * Whether the browser is at another screen already: it has the new address before React has drawn the screen for it,
 * and timers of the old screen still run.
 */
function isLeft(pathname: string): boolean {
  const drawn = new URL(window.location.origin);
  drawn.pathname = `${BASE}${pathname}`;
  const [one, other] = [drawn, window.location].map((url) => url.pathname.replace(/\/$/, ''));
  return one !== other;
}

/** The query with these parts changed. */
export function withParts(search: URLSearchParams, parts: AddressParts): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(parts))
    if (value === null) next.delete(name);
    else next.set(name, value);
  return next;
}

/** The address of the screen. Nobody else reads the query or changes it (`test/house/address.test.ts`). */
export function useAddress(): Address {
  const { pathname, search: text, hash } = useLocation();
  const navigate = useNavigate();
  const search = useMemo(() => new URLSearchParams(text), [text]);
  const change = useCallback<Address['change']>(
    (make, options = {}) => {
      if (isLeft(pathname)) return;
      const now = newest();
      const to = { search: make(now.search).toString(), hash: options.hash ?? now.hash };
      if (to.search === now.search.toString() && to.hash === now.hash) return;
      void navigate(to, { replace: options.push !== true });
    },
    [navigate, pathname],
  );
  return { pathname, search, hash, newest, change };
}
