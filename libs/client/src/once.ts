/** The limits of one try, milliseconds. */
export interface Limits {
  /** Until the answer begins. */
  readonly answerMs: number;
  /** Between two parts of the answer. Streams of Drover send something every 15 s. */
  readonly idleMs: number;
}

/** Sends a request once. Neither its answer nor the rest of its body is waited for without end. */
export async function sendOnce(fetch: typeof globalThis.fetch, request: Request, limits: Limits): Promise<Response> {
  const stop = new AbortController();
  const late = setTimeout(
    () => stop.abort(new Error(`no answer within ${limits.answerMs / 1_000} s`)),
    limits.answerMs,
  );
  try {
    const answer = await fetch(request, { signal: AbortSignal.any([request.signal, stop.signal]) });
    if (!answer.body) return answer;
    const { status, statusText, headers } = answer;
    return new Response(withIdleLimit(answer.body, limits.idleMs), { status, statusText, headers });
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(late);
  }
}

/** The same bytes. Reading fails when nothing comes for too long. */
export function withIdleLimit(body: ReadableStream<Uint8Array>, idleMs: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Only while somebody waits for a part: a slow reader is no silence of the API.
        const timer = setTimeout(() => {
          const silent = new Error(`nothing came for ${idleMs / 1_000} s`);
          controller.error(silent);
          void reader.cancel(silent).catch(() => undefined);
        }, idleMs);
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } finally {
          clearTimeout(timer);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
