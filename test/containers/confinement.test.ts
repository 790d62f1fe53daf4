import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '@drover/config';
import { ContainerSpool } from '../support/container-spool.js';
import { Podman, podmanAvailable } from '../support/podman.js';

const STATUS =
  'grep -E "^(CapEff|CapBnd|NoNewPrivs):" /proc/self/status; id -u; touch /made 2>/dev/null && echo root; touch /tmp/made 2>/dev/null && echo tmp';
/** Bits of the capabilities of a process, by the kernel's numbers. */
const BITS = { CHOWN: 0, DAC_OVERRIDE: 1, FOWNER: 3, KILL: 5, SETGID: 6, SETUID: 7, NET_BIND_SERVICE: 10 };
const maskOf = (names: string[]): string =>
  names
    .reduce((sum, name) => sum | (1n << BigInt(BITS[name as keyof typeof BITS])), 0n)
    .toString(16)
    .padStart(16, '0');

describe.skipIf(!podmanAvailable())('a container', () => {
  let podman: Podman;
  const spools: ContainerSpool[] = [];

  beforeAll(async () => {
    podman = await Podman.start();
  }, 120_000);
  afterAll(async () => {
    for (const spool of spools) await spool.close();
    await podman?.stop();
  });

  const output = async (env: Record<string, string>): Promise<string[]> => {
    const { containerCapabilities, containerPids, containerUser, containerReadOnly } = loadConfig(env).isolation;
    const confinement = {
      capabilities: containerCapabilities.filter((name) => name !== 'NONE'),
      pids: containerPids,
      user: containerUser,
      read_only: containerReadOnly,
    };
    const spool = new ContainerSpool({ socket: podman.socket, confinement });
    spools.push(spool);
    await spool.open();
    const id = spool.launch(STATUS);
    await spool.end(id);
    expect(spool.text(id, 'stderr')).toBe('');
    return spool.text(id, 'stdout').trim().split('\n');
  };

  it('keeps the named capabilities only, and gains none', async () => {
    const named = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'KILL', 'NET_BIND_SERVICE'];
    expect(await output({})).toEqual([
      `CapEff:\t${maskOf(named)}`,
      `CapBnd:\t${maskOf(named)}`,
      'NoNewPrivs:\t1',
      '0',
      'root',
      'tmp',
    ]);
  });

  it('runs as the user of the setting, without capabilities, and cannot write to its root, where that is set', async () => {
    const lines = await output({
      DROVER_CONTAINER_CAPABILITIES: 'none',
      DROVER_CONTAINER_USER: '1234:1234',
      DROVER_CONTAINER_READ_ONLY: '1',
      DROVER_CONTAINER_PIDS: '64',
    });
    // The image of this test has no /tmp whose mode the engine could take for its user.
    expect(lines).toEqual([`CapEff:\t${maskOf([])}`, `CapBnd:\t${maskOf([])}`, 'NoNewPrivs:\t1', '1234']);
  });
});
