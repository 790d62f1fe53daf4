import type { LogChunk } from '@drover/domain';

/** Compressed bytes a page should hold: enough to be quick, little enough to be many at once. */
const PAGE_BYTES = 512 * 1024;
const MAX_CHUNKS = 512;
/** Chunks of at most 1 MiB: the first page is never larger than this many. */
const FIRST_CHUNKS = 4;

/**
 * Reads chunks page by page, the next page while the present one is used. The number of chunks of a page follows their
 * size, so that memory stays the same whether a log is many small or few large pieces.
 */
export async function* pages(
  read: (after: LogChunk | null, limit: number) => Promise<LogChunk[]>,
): AsyncGenerator<LogChunk[]> {
  let limit = FIRST_CHUNKS;
  let next: Promise<LogChunk[]> = read(null, limit);
  for (;;) {
    const page = await next;
    const last = page.at(-1);
    if (!last) return;
    const full = page.length >= limit;
    limit = nextLimit(page);
    if (full) {
      next = read(last, limit);
      // Looked at by the next turn; without this a reader that stops here would leave an unhandled rejection.
      next.catch(() => undefined);
    }
    yield page;
    if (!full) return;
  }
}

/** The number of chunks that will fill a page, judged by the last one. */
export function nextLimit(page: LogChunk[]): number {
  const bytes = page.reduce((sum, chunk) => sum + Math.max(chunk.data.length, chunk.length / 4), 0);
  const mean = Math.max(1, bytes / Math.max(1, page.length));
  return Math.min(MAX_CHUNKS, Math.max(2, Math.round(PAGE_BYTES / mean)), Math.max(FIRST_CHUNKS, page.length * 4));
}
