import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClaimedExecution } from '@drover/protocol';
import { Slots } from './slots.js';
import { WaitingLine } from './waiting-line.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const execution = (id: string, queue = 'default'): ClaimedExecution =>
  ({ execution_id: id, queue }) as ClaimedExecution;

/** A node with two slots, both taken. `end` frees one, as an execution that ends does. */
function busyNode() {
  const slots = new Slots(2);
  const all = slots.group('', Infinity);
  const groups: Record<string, typeof all> = { default: all, gpu: slots.group('gpu', 1) };
  all.occupy(2);
  const started: string[] = [];
  const given: string[] = [];
  const line = new WaitingLine(
    ({ execution_id }) => void started.push(execution_id),
    ({ execution_id }) => void given.push(execution_id),
  );
  const add = (id: string, queue = 'default'): void => {
    const group = groups[queue] ?? all;
    line.add(execution(id, queue), () => (group.tryAcquire() ? () => group.release() : null));
  };
  const end = (): boolean => {
    all.release();
    return line.ended();
  };
  return { line, started, given, add, end, groups };
}

describe('the line of executions that were fetched ahead', () => {
  it('gives a slot that comes free its next execution in the same turn, the first one first', () => {
    const { started, add, end } = busyNode();
    expect(end()).toBe(false);
    add('a');
    add('b');
    expect(end()).toBe(true);
    expect(started).toEqual(['a', 'b']);
  });

  it('lets an execution pass one whose queue has no slot free', () => {
    const { started, add, end, groups } = busyNode();
    groups['gpu']?.occupy(0);
    add('g', 'gpu');
    add('a');
    end();
    expect(started).toEqual(['a']);
  });

  it('fetches as many as ended within the last 50 ms, less those that wait, and none where jobs are not short', () => {
    const { line, add, end } = busyNode();
    for (let n = 0; n < 3; n++) end();
    expect(line.wanted).toBe(0);
    end();
    expect(line.wanted).toBe(4);
    const full = busyNode();
    for (let n = 0; n < 6; n++) full.line.ended();
    full.add('a');
    full.add('b');
    expect(full.line.wanted).toBe(4);
    add('c');
    vi.advanceTimersByTime(60);
    expect(line.wanted).toBe(0);
  });

  it('gives back what waits for longer than 250 ms, each after its own time', () => {
    const { given, add } = busyNode();
    add('a');
    vi.advanceTimersByTime(200);
    add('b');
    vi.advanceTimersByTime(60);
    expect(given).toEqual(['a']);
    vi.advanceTimersByTime(200);
    expect(given).toEqual(['a', 'b']);
  });

  it('gives all back when the node takes no more, and fetches none until it does again', () => {
    const { line, given, add } = busyNode();
    for (let n = 0; n < 8; n++) line.ended();
    add('a');
    add('b');
    line.close();
    expect(given).toEqual(['a', 'b']);
    expect(line.wanted).toBe(0);
    line.reopen();
    expect(line.wanted).toBe(8);
  });

  it('gives back at once what comes while the node takes no more, and in time what comes after that', () => {
    const { line, given, add } = busyNode();
    add('a');
    line.close();
    add('b');
    expect(given).toEqual(['a', 'b']);
    line.reopen();
    add('c');
    vi.advanceTimersByTime(260);
    expect(given).toEqual(['a', 'b', 'c']);
  });

  it('fetches none ahead for a second after it gave one back', () => {
    const { line, given, add } = busyNode();
    add('a');
    vi.advanceTimersByTime(260);
    expect(given).toEqual(['a']);
    for (let n = 0; n < 8; n++) line.ended();
    expect(line.wanted).toBe(0);
    vi.advanceTimersByTime(1_000);
    for (let n = 0; n < 8; n++) line.ended();
    expect(line.wanted).toBe(8);
  });

  it('starts one that has waited long enough, where a slot came free in another way', () => {
    const { given, started, add, groups } = busyNode();
    add('a');
    groups['default']?.release();
    vi.advanceTimersByTime(260);
    expect([started, given]).toEqual([['a'], []]);
  });

  it('forgets one that the record gave to somebody else', () => {
    const { line, given, started, add, end } = busyNode();
    add('a');
    expect([line.drop('a'), line.drop('a')]).toEqual([true, false]);
    end();
    vi.advanceTimersByTime(300);
    expect([given, started]).toEqual([[], []]);
  });

  it('starts each once, though what cannot be started ends in the same turn and frees its slot', () => {
    const slots = new Slots(1);
    const all = slots.group('', Infinity);
    all.occupy();
    const started: string[] = [];
    const line: WaitingLine = new WaitingLine(
      ({ execution_id }, release) => {
        started.push(execution_id);
        release();
        line.ended();
      },
      () => undefined,
    );
    for (const id of ['a', 'b', 'c']) line.add(execution(id), () => (all.tryAcquire() ? () => all.release() : null));
    all.release();
    line.ended();
    expect(started).toEqual(['a', 'b', 'c']);
  });
});
