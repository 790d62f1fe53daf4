import type { Broker } from '../lib/broker.js';
import { seconds } from '../lib/numbers.js';
import type { Measure } from './measure.js';

const BYTES = 512 * 1024 * 1024;
/** Goes through first, so that a broker is measured that has run for a while. */
const WARM_BYTES = 64 * 1024 * 1024;

/** Text from a job's output to a reader that follows: first submit to last byte. */
export const logs: Measure = {
  about: 'log text through to a follower',
  ours: async (broker, { quick }) => {
    const bytes = quick ? WARM_BYTES : BYTES;
    if (!quick) await through(broker, WARM_BYTES);
    const value = bytes / 1e6 / (await through(broker, bytes));
    return [{ name: 'log text through to a follower', value, unit: 'MB/s', aim: '>= 150' }];
  },
};

/** The seconds until the last byte of a job's output was read by so many followers. */
export async function through(broker: Broker, length: number, followers = 1): Promise<number> {
  const command = `yes 'time=2026-01-01T00:00:00Z level=info msg="step finished" step=1234 loss=0.1234 rate=12.3/s' | head -c ${length}`;
  const start = performance.now();
  const { id } = await broker.json<{ id: string }>('POST', '/api/v1/jobs', { queue: 'default', command });
  await Promise.all(Array.from({ length: followers }, () => follow(broker, id, length)));
  return seconds(start);
}

async function follow(broker: Broker, id: string, length: number): Promise<void> {
  const answer = await fetch(`${broker.url}/api/v1/jobs/${id}/logs?stream=stdout&follow=true`, {
    headers: { accept: 'text/plain' },
  });
  let bytes = 0;
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) bytes += part.length;
  if (bytes !== length) throw new Error(`the reader got ${bytes} of ${length} bytes`);
}
