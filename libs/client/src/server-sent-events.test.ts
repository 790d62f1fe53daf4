import { expect, it } from 'vitest';
import { readEvents } from './server-sent-events.js';

const TEXT =
  'retry: 1000\n\n: alive\n\nid: 1\nevent: log\ndata: {"a":"é"}\n\ndata: one\r\ndata:two\r\n\r\nid: 3\n\nid\ndata: x\n\ndata: cut';

async function eventsOf(parts: Uint8Array[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEvents(body, new AbortController().signal)) events.push(event);
  return events;
}

it('reads the same events however the bytes are cut, and none that is not whole', async () => {
  const bytes = new TextEncoder().encode(TEXT);
  const whole = [
    { id: '1', event: 'log', data: '{"a":"é"}' },
    { id: undefined, event: 'message', data: 'one\ntwo' },
    { id: '', event: 'message', data: 'x' },
  ];
  expect(await eventsOf([bytes])).toEqual(whole);
  for (const size of [1, 2, 3, 7]) {
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(await eventsOf(parts)).toEqual(whole);
  }
});
