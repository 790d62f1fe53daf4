import { readPart } from './read-part.js';

/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** The id to go on after it; undefined: it has none. */
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** An event longer than this is no event of Drover: characters. */
const LONGEST_EVENT = 32 * 1024 ** 2;

/**
 * Reads the events of a body until it ends. The body is given up when the reader leaves.
 *
 * @throws the reason of the signal as soon as it is aborted
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let fields: Fields = { data: [] };
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await readPart(reader, signal);
      if (done) return;
      // Only the new part can hold the end of the line.
      let from = rest.length;
      rest += decoder.decode(value, { stream: true });
      let begin = 0;
      for (let end = rest.indexOf('\n', from); end >= 0; end = rest.indexOf('\n', from)) {
        const line = rest.slice(begin, rest[end - 1] === '\r' && end > begin ? end - 1 : end);
        begin = end + 1;
        from = begin;
        if (line !== '') take(fields, line);
        else if (fields.data.length > 0) {
          const { id, event = 'message', data } = fields;
          fields = { data: [] };
          yield { id, event, data: data.join('\n') };
        } else fields = { data: [] };
      }
      rest = rest.slice(begin);
      if (rest.length > LONGEST_EVENT) throw new Error(`An event is longer than ${LONGEST_EVENT} characters.`);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

interface Fields {
  id?: string;
  event?: string;
  data: string[];
}

function take(fields: Fields, line: string): void {
  const colon = line.indexOf(':');
  // A line that begins with a colon is a comment.
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
  if (name === 'data') fields.data.push(value);
  else if (name === 'id') fields.id = value;
  else if (name === 'event') fields.event = value;
}
