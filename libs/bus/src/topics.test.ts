import { describe, expect, it, vi } from 'vitest';
import { SendBuffer } from './send-buffer.js';
import { Topics } from './topics.js';

describe('Topics', () => {
  it('says when the first listener came and when the last one left', () => {
    const topics = new Topics(() => undefined);
    const [a, b] = [() => undefined, () => undefined];
    expect([
      topics.add('t', a),
      topics.add('t', b),
      topics.remove('t', a),
      topics.remove('t', a),
      topics.remove('t', b),
    ]).toEqual([true, false, false, false, true]);
    expect(topics.topics()).toEqual([]);
  });

  it('delivers to those who listen exactly and to those whose prefix fits', () => {
    const topics = new Topics(() => undefined);
    const heard: string[] = [];
    topics.add('job.1', (p) => heard.push(`exact ${p}`));
    topics.addPrefix('job.', (t, p) => heard.push(`${t} ${p}`));
    topics.addPrefix('queue.', (t) => heard.push(t));
    topics.deliver('job.1', 'x');
    topics.deliver('job.2', 'y');
    expect(heard).toEqual(['exact x', 'job.1 x', 'job.2 y']);
  });
});

describe('SendBuffer', () => {
  it('sends the first at the end of the turn, the rest 5 ms later, the same payload of a topic once', async () => {
    vi.useFakeTimers();
    const sent: unknown[] = [];
    const buffer = new SendBuffer((messages) => sent.push(messages));
    buffer.put('a', '1');
    buffer.put('a', '1');
    buffer.put('a', '2');
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ]);
    buffer.put('a', '1');
    await vi.advanceTimersByTimeAsync(4);
    expect(sent.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent[1]).toEqual([['a', '1']]);
    vi.useRealTimers();
  });

  it('never confuses a topic and a payload that read the same together', () => {
    const sent: unknown[] = [];
    const buffer = new SendBuffer((messages) => sent.push(...messages));
    buffer.put('ab', 'c');
    buffer.put('a', 'bc');
    buffer.close();
    expect(sent).toEqual([
      ['ab', 'c'],
      ['a', 'bc'],
    ]);
  });

  it('drops what is more than it may hold, and everything after its close', () => {
    const sent: unknown[] = [];
    const buffer = new SendBuffer((messages) => sent.push(...messages));
    for (let i = 0; i < 20_000; i++) buffer.put('t', String(i));
    buffer.close();
    buffer.put('t', 'late');
    buffer.close();
    expect(sent.length).toBe(10_000);
  });
});
