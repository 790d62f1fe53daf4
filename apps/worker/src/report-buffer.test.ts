import { describe, expect, it } from 'vitest';
import type { ReportItem, ReportsRequest, ReportsResponse } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { ReportBuffer } from './report-buffer.js';
import type { Session } from './session.js';

const silent = { debug: () => undefined, error: () => undefined } as unknown as Logger;
const phase = (execution_id: string, phase: string): ReportItem => ({ kind: 'phase', execution_id, epoch: 1, phase });

/** A session whose requests are answered when the test says so. */
function heldSession() {
  const requests: { said: ReportsRequest; answer(): void }[] = [];
  const client = {
    reports: (said: ReportsRequest) =>
      new Promise<ReportsResponse>((resolve) =>
        requests.push({ said, answer: () => resolve({ results: said.items.map(() => ({ status: 200 })) }) }),
      ),
  };
  const session = { persist: <T>(send: (to: typeof client) => Promise<T>) => send(client) };
  return { requests, session: session as unknown as Session };
}

const request = async (requests: { said: ReportsRequest; answer(): void }[], at: number) => {
  await expect.poll(() => requests.length).toBe(at + 1);
  return requests[at] as { said: ReportsRequest; answer(): void };
};

describe('reports that wait', () => {
  it('go out in order, each once, at most 500 in a request', async () => {
    const { requests, session } = heldSession();
    const buffer = new ReportBuffer(session, silent);
    const results = Array.from({ length: 1_200 }, (_, n) => buffer.push(phase('e', String(n))));
    for (const at of [0, 1, 2]) (await request(requests, at)).answer();
    expect((await Promise.all(results)).every(({ status }) => status === 200)).toBe(true);
    const said = requests.flatMap(({ said: { items } }) => items.map((item) => (item as { phase: string }).phase));
    expect(said).toEqual(Array.from({ length: 1_200 }, (_, n) => String(n)));
    expect(requests.map(({ said: { items } }) => items.length)).toEqual([500, 500, 200]);
    expect(buffer.size).toBe(0);
  });

  it('of an execution that is dropped while they are under way are answered as stale, the others as they are', async () => {
    const { requests, session } = heldSession();
    const buffer = new ReportBuffer(session, silent);
    const kept = buffer.push(phase('kept', 'a'));
    const dropped = buffer.push(phase('dropped', 'b'));
    const also = buffer.push(phase('kept', 'c'));
    const first = await request(requests, 0);
    buffer.drop('dropped');
    const later = buffer.push(phase('kept', 'd'));
    first.answer();
    expect((await Promise.all([kept, dropped, also])).map(({ status }) => status)).toEqual([200, 409, 200]);
    const second = await request(requests, 1);
    expect(second.said.items).toEqual([phase('kept', 'd')]);
    second.answer();
    expect((await later).status).toBe(200);
  });

  it('say beside them what was asked for, and hand on what came with the answer', async () => {
    const { requests, session } = heldSession();
    const settled: unknown[] = [];
    const buffer = new ReportBuffer(session, silent, {
      ask: () => ({ said: { free: { slots: 3 } }, settle: (started) => settled.push(started) }),
    });
    const result = buffer.push(phase('e', 'a'));
    const { said, answer } = await request(requests, 0);
    expect(said.free).toEqual({ slots: 3 });
    answer();
    await result;
    expect(settled).toEqual([[]]);
  });
});
