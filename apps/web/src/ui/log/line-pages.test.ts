import { describe, expect, it, vi } from 'vitest';
import type { LogLine, LogLines } from '../../api/types.js';
import { LinePages, PAGE_LINES } from './line-pages.js';

const lineOf = (number: number, text = `line ${number}`, ended = true): LogLine => ({
  number,
  at: '2030-01-31T08:00:00.000Z',
  stream: 'stdout',
  offset: 0,
  stream_offset: 0,
  bytes: text.length + 1,
  text,
  cut: false,
  ended,
});

const answerOf = (from: number, count: number, total: number, text?: string): LogLines => ({
  execution_id: 'an execution',
  state: 'live',
  lines: Array.from({ length: Math.max(0, Math.min(count, total - from + 1)) }, (_, at) => lineOf(from + at, text)),
  next: null,
  total,
});

const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('the pages of a log', () => {
  it('are read when lines of theirs are wanted, each once', async () => {
    const read = vi.fn((from: number, count: number) => Promise.resolve(answerOf(from, count, 1_000_000)));
    const pages = new LinePages(read);
    pages.put(answerOf(999_901, 100, 1_000_000));
    pages.want(numbers(500_150, 500_250));
    pages.want(numbers(500_150, 500_250));
    await settled();
    expect(read.mock.calls.map(([from, count]) => [from, count])).toEqual([
      [500_001, PAGE_LINES],
      [500_201, PAGE_LINES],
    ]);
    expect([pages.line(500_150)?.number, pages.line(500_401), pages.line(1_000_000)?.number]).toEqual([
      500_150,
      undefined,
      1_000_000,
    ]);
    pages.want(numbers(999_950, 1_000_000));
    await settled();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('take no more memory than they may, and keep what is looked at', async () => {
    const most = 1024 * 1024;
    const pages = new LinePages(
      (from, count) => Promise.resolve(answerOf(from, count, 100_000, 'x'.repeat(1_000))),
      most,
    );
    pages.put(answerOf(1, 1, 100_000));
    for (let first = 1; first <= 20_000; first += 400) {
      pages.want(numbers(first, first + 50));
      await settled();
      expect(pages.held).toBeLessThanOrEqual(most);
      expect(pages.line(first + 50)?.number).toBe(first + 50);
    }
    expect(pages.line(1)).toBeUndefined();
  });

  it('are not dropped while their lines show, whatever they take', async () => {
    const pages = new LinePages((from, count) => Promise.resolve(answerOf(from, count, 1_000)), 1_000);
    pages.put(answerOf(1, 0, 1_000));
    pages.want(numbers(150, 250));
    await settled();
    expect(numbers(150, 250).filter((number) => pages.line(number) === undefined)).toEqual([]);
  });

  it('give up what is not wanted any more', async () => {
    const signals: AbortSignal[] = [];
    const pages = new LinePages((_from, _count, signal) => {
      signals.push(signal);
      return new Promise<LogLines>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('given up'))),
      );
    });
    pages.put(answerOf(1, 0, 10_000));
    pages.want(numbers(1, 50));
    pages.want(numbers(5_001, 5_050));
    await settled();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(pages.error).toBeNull();
  });

  it('read the last line again when it has gone on', async () => {
    const read = vi.fn((from: number, count: number) => Promise.resolve(answerOf(from, count, 3)));
    const pages = new LinePages(read);
    pages.put({ ...answerOf(1, 1, 1), lines: [lineOf(1, 'li', false)] });
    pages.put({ ...answerOf(3, 1, 3) });
    expect(pages.line(1)).toBeUndefined();
    pages.want(numbers(1, 3));
    await settled();
    expect([1, 2, 3].map((number) => pages.line(number)?.text)).toEqual(['line 1', 'line 2', 'line 3']);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('are not asked for again and again when a read fails, but once when somebody wants it', async () => {
    const read = vi.fn(() => Promise.reject(new Error('away')));
    const pages = new LinePages(read);
    pages.put(answerOf(1, 0, 10));
    for (let at = 0; at < 3; at += 1) {
      pages.want(numbers(1, 10));
      await settled();
    }
    expect(read).toHaveBeenCalledTimes(1);
    expect(pages.error).toEqual(new Error('away'));
    pages.again();
    pages.want(numbers(1, 10));
    expect(read).toHaveBeenCalledTimes(2);
    await settled();
  });
});
