import { expect, it } from 'vitest';
import { followEvents } from './follow.js';
import { readBytes } from './read-bytes.js';

/** An answer that goes on for ever, over a connection that hears nothing of any signal; `left` becomes true with it. */
function endless(text: string): { answer: Response; left: () => boolean } {
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    cancel: () => void (left = true),
  });
  return { answer: new Response(body), left: () => left };
}

it('ends a stream of events by its signal, whatever the connection knows of it', async () => {
  const { answer, left } = endless('event: a\ndata: 1\n\n');
  const stop = new AbortController();
  const transport = { url: 'http://api', send: () => Promise.resolve(answer) };
  const events = followEvents(transport, '/stream', { signal: stop.signal });
  expect((await events.next()).value).toMatchObject({ event: 'a', data: '1' });
  const next = events.next();
  stop.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  expect(left()).toBe(true);
});

it('ends a download by its signal, whatever the connection knows of it', async () => {
  const { answer, left } = endless('abc');
  const stop = new AbortController();
  const parts = readBytes(stop.signal, () => Promise.resolve(answer));
  expect((await parts.next()).value).toHaveLength(3);
  const next = parts.next();
  stop.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  expect(left()).toBe(true);
});
