/** Largest JSON body of one job: its command, input, environment and payload at their limits, and room for the rest. */
export const BODY_BYTES = 8 * 1024 * 1024;
/** Of a batch. */
export const BATCH_BODY_BYTES = 32 * 1024 * 1024;
/** Of routes that take a word or two. */
const SMALL_BODY_BYTES = 64 * 1024;

export function bodyLimitOf(path: string): number {
  if (/^\/api\/v1\/jobs\/batch\/?$/i.test(path)) return BATCH_BODY_BYTES;
  return /^\/api\/v1\/jobs\/?$/i.test(path) ? BODY_BYTES : SMALL_BODY_BYTES;
}
