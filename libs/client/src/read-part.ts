/**
 * Reads the next part of a body. A request that was cloned loses its signal when memory is cleaned up
 * (nodejs/undici#4068), so whoever reads what may come much later listens to the signal, too.
 *
 * @throws the reason of the signal as soon as it is aborted
 */
export async function readPart<T>(
  reader: ReadableStreamDefaultReader<T>,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<ReadableStreamDefaultReader<T>['read']>>> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([reader.read(), aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
