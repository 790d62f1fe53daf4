import { describe, expect, it } from 'vitest';
import { SystemCollector } from './collector.js';
import { cpuTimes } from './cpu.js';
import { DOCS } from './docs.js';
import { memory } from './memory.js';
import { interfaces } from './network.js';

describe('the system metrics', () => {
  it('have names of the list only, docs, finite values, and each name once', async () => {
    const collector = new SystemCollector();
    const { defs, values } = await collector.read();
    expect(values.every((value) => Number.isFinite(value))).toBe(true);
    expect(new Set(defs.map((def) => def.name)).size).toBe(defs.length);
    for (const def of defs) expect(Object.keys(DOCS)).toContain(def.name.split('{')[0]);
    const value = (name: string): number => values[defs.findIndex((def) => def.name === name)] as number;
    expect(value('proxy_cpu_total')).toBeGreaterThan(0);
    expect(value('proxy_cpu_load_average_percent')).toBeGreaterThanOrEqual(0);
    expect(value('proxy_cpu_load_average_percent')).toBeLessThanOrEqual(100);
    expect(value('proxy_memory_used_bytes')).toBeLessThan(value('proxy_memory_total_bytes'));
    expect(value('proxy_network_receive_bytes_total{interface="lo"}')).toBeGreaterThanOrEqual(0);
  });

  it('count their readings', async () => {
    const collector = new SystemCollector();
    await collector.read();
    const { defs, values } = await collector.read();
    expect(values[defs.findIndex((def) => def.name.startsWith('proxy_scrape_total{'))]).toBe(2);
  });

  it("of memory read the kernel's own figures: swap is swap", () => {
    expect(
      memory('MemTotal: 100 kB\nMemFree: 10 kB\nMemAvailable: 40 kB\nSwapTotal: 20 kB\nSwapFree: 15 kB\n'),
    ).toEqual({ total: 102_400, used: 61_440, swapTotal: 20_480, swapUsed: 5_120 });
  });

  it('of processors count waiting for disks as idle', () => {
    expect(cpuTimes('cpu  9 9 9 9\ncpu0 10 1 9 70 10 0 0 0 5 0\nintr 1\n')).toEqual([
      { name: 'cpu0', total: 100, busy: 20 },
    ]);
  });

  it('of interfaces take errors from their own columns', () => {
    const text = 'Inter-|   Receive\n face |bytes packets errs\n  eth0:100 2 3 0 0 0 0 0 200 4 5 0 0 0 0 0\n';
    expect(interfaces(text)).toEqual([
      {
        name: 'eth0',
        receivedBytes: 100,
        receivedPackets: 2,
        receiveErrors: 3,
        sentBytes: 200,
        sentPackets: 4,
        sendErrors: 5,
      },
    ]);
  });
});
