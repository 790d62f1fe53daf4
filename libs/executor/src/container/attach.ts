import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The engine answered an attach with an error. Shaped like dockerode's own. */
class AttachRefused extends Error {
  constructor(
    readonly statusCode: number,
    readonly json: { message?: string },
  ) {
    super(json.message ?? `the engine answers ${statusCode}`);
  }
}

const LONGEST_ERROR = 64 * 1024;

/**
 * Attaches to a container. Not through dockerode: what it sends as the body of this request (its options, or the end of
 * an empty chunked body) becomes the first bytes of the container's standard input.
 */
export function attachTo(socketPath: string, id: string, stdin: boolean, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asked = request({
      socketPath,
      method: 'POST',
      path: `/containers/${id}/attach?stream=1&stdout=1&stderr=1${stdin ? '&stdin=1' : ''}`,
      headers: { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': 0 },
      // A connection of its own: it is taken over.
      agent: false,
    });
    const abort = (): void => void asked.destroy(new Error('given up'));
    signal.addEventListener('abort', abort, { once: true });
    const settled = (): void => signal.removeEventListener('abort', abort);
    asked.once('error', (error) => {
      settled();
      reject(error);
    });
    asked.once('upgrade', (_answer, socket, head) => {
      settled();
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.once('response', (answer) => {
      settled();
      void refusal(answer).then(reject);
    });
    asked.end();
  });
}

async function refusal(answer: IncomingMessage): Promise<AttachRefused> {
  let text = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      text += chunk as string;
      if (text.length > LONGEST_ERROR) break;
    }
    return new AttachRefused(answer.statusCode ?? 0, JSON.parse(text) as { message?: string });
  } catch {
    return new AttachRefused(answer.statusCode ?? 0, text === '' ? {} : { message: text.slice(0, 1_000) });
  }
}
