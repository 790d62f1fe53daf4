import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onStopSignals } from './signals.js';

let seen: string[];
let off: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  seen = [];
  off = onStopSignals(
    (signal) => seen.push(`first ${signal}`),
    () => seen.push('again'),
  );
});

afterEach(() => {
  off();
  vi.useRealTimers();
});

it('takes the copy of a signal that npm passes on as the same wish', () => {
  process.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(200);
  process.emit('SIGINT', 'SIGINT');
  expect(seen).toEqual(['first SIGINT']);
});

it('takes a later one as a second wish, whichever signal it is', () => {
  process.emit('SIGTERM', 'SIGTERM');
  vi.advanceTimersByTime(1_500);
  process.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(100);
  process.emit('SIGINT', 'SIGINT');
  expect(seen).toEqual(['first SIGTERM', 'again']);
});

it('lets go of the signals afterwards', () => {
  const before = process.listenerCount('SIGHUP');
  off();
  expect(process.listenerCount('SIGHUP')).toBe(before - 1);
});
