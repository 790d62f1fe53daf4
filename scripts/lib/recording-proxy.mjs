import { createServer, request } from 'node:http';

/** The first events of a channel are enough to show its form. */
const MOST_EVENTS = 5;
/** Bodies of requests that are not JSON are kept up to this many bytes. */
const MOST_BYTES = 16_384;

/**
 * Stands between a worker and its API, and keeps each request of the agent protocol with its answer. `exchanges` is in
 * the order of the answers.
 */
export async function recordingProxy(target) {
  const exchanges = [];
  const server = createServer((incoming, outgoing) => {
    const received = [];
    const { 'content-type': type } = incoming.headers;
    incoming.on('data', (part) => received.push(part));
    const onward = request(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        const parts = [];
        answer.on('data', (part) => {
          parts.push(part);
          outgoing.write(part);
        });
        answer.on('error', () => outgoing.destroy());
        const keep = () => {
          const text = Buffer.concat(parts).toString('utf8');
          const stream = (answer.headers['content-type'] ?? '').startsWith('text/event-stream');
          exchanges.push({
            method: incoming.method,
            path: incoming.url,
            request: bodyOf(Buffer.concat(received), type),
            status: answer.statusCode,
            answer: stream ? { events: text.split('\n\n').slice(0, MOST_EVENTS) } : jsonOr(text),
          });
        };
        answer.on('end', () => {
          outgoing.end();
          keep();
        });
        outgoing.on('close', () => {
          if (!answer.complete) keep();
          answer.destroy();
        });
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    exchanges,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function bodyOf(bytes, type = '') {
  if (bytes.length === 0) return null;
  if (type.startsWith('application/json')) return JSON.parse(bytes.toString('utf8'));
  return { type, base64: bytes.subarray(0, MOST_BYTES).toString('base64'), bytes: bytes.length };
}

function jsonOr(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
