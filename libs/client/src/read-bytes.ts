import { DroverError, readApiError, reasonOf } from './errors.js';
import { backoffMs, pause } from './pause.js';
import { readPart } from './read-part.js';

/** Tries in a row that bring no byte. */
const TRIES = 8;

/**
 * Reads bytes over lost connections: `open` asks for them again, from where they broke off.
 *
 * @throws ApiError for a refusal, DroverError when too many connections in a row bring nothing
 */
export async function* readBytes(
  signal: AbortSignal,
  open: (taken: number) => Promise<Response>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let taken = 0;
  for (let tries = 0; ; tries += 1) {
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    try {
      const answer = await open(taken);
      if (!answer.ok) throw await readApiError(answer);
      if (!answer.body) return;
      reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await readPart(reader, signal);
        if (done) return;
        tries = 0;
        taken += value.length;
        yield value;
      }
    } catch (error) {
      signal.throwIfAborted();
      // A refusal stays one, and so does an API that is away for longer than `open` waits.
      if (error instanceof DroverError) throw error;
      if (tries >= TRIES)
        throw new DroverError(
          `The download broke off ${TRIES} times in a row after ${taken} bytes (${reasonOf(error)}).`,
          'Try it again later.',
          { cause: error },
        );
    } finally {
      await reader?.cancel().catch(() => undefined);
    }
    await pause(backoffMs(tries), signal);
  }
}
