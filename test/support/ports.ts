import { freePort } from '@drover/embedded';

/** So many different TCP ports of loopback that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

export { freePort };
