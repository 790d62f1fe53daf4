import type { Broker } from './broker.js';

const LINE = 'time=2026-01-01T00:00:00Z level=info msg="step finished" loss=0.1234 rate=12.3/s';
const END_MS = 600_000;

/** A job that writes so many bytes, once all of them are stored. */
export async function writtenLog(broker: Broker, bytes: number): Promise<{ id: string; lines: number }> {
  const command = `yes '${LINE}' | head -c ${bytes}`;
  const { id } = await broker.json<{ id: string }>('POST', '/api/v1/jobs', { queue: 'default', command });
  for (const until = Date.now() + END_MS; ;) {
    const { state } = await broker.json<{ state: string }>('GET', `/api/v1/jobs/${id}`);
    if (state === 'succeeded') break;
    if (state === 'failed' || Date.now() > until) throw new Error(`the job that writes the log is ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { lines } = await broker.json<{ lines: number }>('GET', `/api/v1/jobs/${id}/logs/index?points=1`);
  return { id, lines };
}
