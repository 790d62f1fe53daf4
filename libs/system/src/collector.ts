import { hostname, release } from 'node:os';
import type { SeriesDef } from '@drover/domain';
import { formatName } from '@drover/exposition';
import { cpuFacts, cpuTimes, type CpuTimes } from './cpu.js';
import { disks, type Disk } from './disks.js';
import { DOCS, type SystemMetric } from './docs.js';
import { read } from './kernel-files.js';
import { memory } from './memory.js';
import { interfaces, type Interface } from './network.js';
import { sensors } from './sensors.js';

export interface SystemReading {
  defs: SeriesDef[];
  /** Counters: totals since boot. */
  values: number[];
}

/** Disks fill slowly and asking them costs a system call each that may wait. */
const DISKS_EVERY_MS = 5_000;

/**
 * Reads the system metrics of this machine. Loads and rates are those since the reading before; the first one has none
 * of the rates.
 */
export class SystemCollector {
  private times: CpuTimes[] = cpuTimes();
  private network: { at: number; totals: Map<string, Interface> } = { at: Date.now(), totals: byName(interfaces()) };
  private disks: { at: number; found: Disk[] } = { at: 0, found: [] };
  private scrapes = 0;
  private readonly system = systemLabels();

  /** The same as long as the machine is up: its totals count from 0 when it is another. */
  static bootId(): string {
    return read('/proc/sys/kernel/random/boot_id').trim() || 'boot';
  }

  async read(now = Date.now()): Promise<SystemReading> {
    const reading = new Builder();
    this.scrapes += 1;
    reading.counter('proxy_scrape_total', this.scrapes, this.system);
    this.readCpu(reading);
    readMemory(reading);
    this.readNetwork(reading, now);
    if (now - this.disks.at >= DISKS_EVERY_MS) this.disks = { at: now, found: await disks() };
    for (const disk of this.disks.found) readDisk(reading, disk);
    for (const { component, now: degrees, critical } of sensors()) {
      reading.gauge('proxy_component_temperature_celcius', degrees, { component });
      if (critical === null) continue;
      reading.gauge('proxy_component_critical_temperature_celcius', critical, { component });
      reading.gauge('proxy_component_critical_temperature', degrees >= critical ? 1 : 0, { component });
    }
    return reading;
  }

  private readCpu(reading: Builder): void {
    const times = cpuTimes();
    const facts = cpuFacts();
    const before = new Map(this.times.map((cpu) => [cpu.name, cpu]));
    const loads = times.map(({ name, busy, total }) => {
      const last = before.get(name) ?? { busy: 0, total: 0 };
      const passed = total - last.total;
      return passed > 0 ? Math.max(0, Math.min(100, ((busy - last.busy) / passed) * 100)) : 0;
    });
    reading.gauge('proxy_cpu_total', times.length);
    reading.gauge(
      'proxy_cpu_load_average_percent',
      loads.length > 0 ? loads.reduce((sum, load) => sum + load, 0) / loads.length : 0,
    );
    times.forEach(({ name }, i) => {
      const { vendor = '', model = '', mhz = 0 } = facts[i] ?? {};
      const labels = { name, vendor, model };
      reading.gauge('proxy_cpu_usage_percent', loads[i] ?? 0, labels);
      if (mhz > 0) reading.gauge('proxy_cpu_frequency_ghz', mhz / 1000, labels);
    });
    this.times = times;
  }

  private readNetwork(reading: Builder, now: number): void {
    const all = interfaces();
    const passedS = (now - this.network.at) / 1000;
    for (const one of all) {
      const labels = { interface: one.name };
      reading.counter('proxy_network_receive_bytes_total', one.receivedBytes, labels);
      reading.counter('proxy_network_transmit_bytes_total', one.sentBytes, labels);
      reading.counter('proxy_network_receive_packets_total', one.receivedPackets, labels);
      reading.counter('proxy_network_transmit_packets_total', one.sentPackets, labels);
      reading.counter('proxy_network_receive_packets_error_total', one.receiveErrors, labels);
      reading.counter('proxy_network_transmit_packets_error_total', one.sendErrors, labels);
      const before = this.network.totals.get(one.name) ?? one;
      const rate = (field: keyof Omit<Interface, 'name'>): number =>
        passedS > 0 ? Math.max(0, one[field] - before[field]) / passedS : 0;
      reading.gauge('proxy_network_receive_bandwidth_bytes', rate('receivedBytes'), labels);
      reading.gauge('proxy_network_transmit_bandwidth_bytes', rate('sentBytes'), labels);
      reading.gauge('proxy_network_receive_packet_rate', rate('receivedPackets'), labels);
      reading.gauge('proxy_network_transmit_packet_rate', rate('sentPackets'), labels);
    }
    this.network = { at: now, totals: byName(all) };
  }
}

class Builder implements SystemReading {
  readonly defs: SeriesDef[] = [];
  readonly values: number[] = [];

  gauge(base: SystemMetric, value: number, labels: Record<string, string> = {}): void {
    this.add(base, 'gauge', value, labels);
  }

  counter(base: SystemMetric, value: number, labels: Record<string, string> = {}): void {
    this.add(base, 'counter', value, labels);
  }

  private add(base: SystemMetric, type: SeriesDef['type'], value: number, labels: Record<string, string>): void {
    this.defs.push({ name: formatName(base, Object.entries(labels)), type, doc: DOCS[base] });
    this.values.push(value);
  }
}

const byName = (all: Interface[]): Map<string, Interface> => new Map(all.map((one) => [one.name, one]));

function readMemory(reading: Builder): void {
  const { total, used, swapTotal, swapUsed } = memory();
  reading.gauge('proxy_memory_total_bytes', total);
  reading.gauge('proxy_memory_used_bytes', used);
  reading.gauge('proxy_memory_used_percent', total > 0 ? (used / total) * 100 : 0);
  reading.gauge('proxy_swap_total_bytes', swapTotal);
  reading.gauge('proxy_swap_used_bytes', swapUsed);
  reading.gauge('proxy_memory_swap_used_percent', swapTotal > 0 ? (swapUsed / swapTotal) * 100 : 0);
}

function readDisk(reading: Builder, { kind, device, fs, mountpoint, size, free }: Disk): void {
  const labels = { kind, device, fs, mountpoint };
  reading.gauge('proxy_disk_size_bytes', size, labels);
  reading.gauge('proxy_disk_free_size_bytes', free, labels);
  reading.gauge('proxy_disk_used_size_bytes', size - free, labels);
  reading.gauge('proxy_disk_usage_percent', ((size - free) / size) * 100, labels);
}

function systemLabels(): Record<string, string> {
  const os = read('/etc/os-release');
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(os)?.[1] ?? '';
  return {
    os: field('NAME') || process.platform,
    osversion: field('VERSION_ID'),
    kernel: release(),
    hostname: hostname(),
  };
}
