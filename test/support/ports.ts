import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that a kernel gives to outgoing connections (Linux: from 32768, others: from 49152): a server that a
 * test ends and starts again must not find its port taken by somebody's client in between.
 */
const LOWEST = 12_000;
export const HIGHEST = 32_000;

/** So many different TCP ports of loopback that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

export async function freePort(): Promise<number> {
  return (await freePorts(1))[0] as number;
}

/** Whether nobody listens on this port of loopback. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
