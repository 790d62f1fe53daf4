const LAST_PAGE = 1_000_000_000;

/** A page number as a query gives it. Undefined: it is none. */
export function pageOf(text: string | undefined): number | undefined {
  if (text === undefined) return 1;
  const page = /^\s*\+?\d{1,10}\s*$/.test(text) ? Number(text) : 0;
  return page >= 1 && page <= LAST_PAGE ? page : undefined;
}
