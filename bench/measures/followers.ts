import type { Broker } from '../lib/broker.js';
import type { Row } from '../lib/numbers.js';
import { cpuSeconds } from '../lib/processes.js';
import { through } from './logs.js';
import type { Measure } from './measure.js';

const MANY = 10;
const BYTES = 256 * 1024 * 1024;
const QUICK_BYTES = 32 * 1024 * 1024;

/** CPU seconds of API and database while the output of one job goes to so many followers. */
async function cpuOf(broker: Broker, bytes: number, followers: number): Promise<number> {
  const used = (): number => {
    const pids = broker.pids();
    return cpuSeconds([...(pids.get('api') ?? []), ...(pids.get('postgres') ?? [])]);
  };
  const before = used();
  await through(broker, bytes, followers);
  return used() - before;
}

/** The cost of many who follow one job beside that of one. */
export const followers: Measure = {
  about: `CPU of ${MANY} followers of one job beside one`,
  ours: async (broker, { quick }) => {
    const bytes = quick ? QUICK_BYTES : BYTES;
    // Goes through first: the first log compiles the code for all.
    await through(broker, QUICK_BYTES, 2);
    const one = await cpuOf(broker, bytes, 1);
    const many = await cpuOf(broker, bytes, MANY);
    const row = (name: string, value: number, unit: string, aim?: string): Row => ({
      name,
      value,
      unit,
      ...(aim === undefined ? {} : { aim }),
    });
    return [
      row('API and database, 1 follower', (one / bytes) * 1e9, 'ms/MB'),
      row(`API and database, ${MANY} followers`, (many / bytes) * 1e9, 'ms/MB'),
      row(`${MANY} followers beside 1`, many / one, 'times', '<= 2'),
    ];
  },
};
