import { cpus, type CpuInfo } from 'node:os';
import { read } from './kernel-files.js';

export interface CpuTimes {
  name: string;
  busy: number;
  total: number;
}

export interface CpuFacts {
  vendor: string;
  model: string;
  /** MHz at this moment; 0 where it is not told. */
  mhz: number;
}

/** Ticks since boot of every processor. */
export function cpuTimes(stat = read('/proc/stat')): CpuTimes[] {
  const lines = stat.split('\n').filter((line) => /^cpu\d/.test(line));
  if (lines.length > 0) {
    return lines.map((line) => {
      const [name = '', ...fields] = line.trim().split(/\s+/);
      // user nice system idle iowait irq softirq steal; guest times are part of user already.
      const ticks = fields.slice(0, 8).map(Number);
      const total = ticks.reduce((sum, n) => sum + n, 0);
      return { name, total, busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0) };
    });
  }
  return cpus().map(({ times }, i) => {
    const total = Object.values(times).reduce((sum, n) => sum + n, 0);
    return { name: `cpu${i}`, total, busy: total - times.idle };
  });
}

/** By position, as in `cpuTimes`. */
export function cpuFacts(cpuinfo = read('/proc/cpuinfo')): CpuFacts[] {
  const blocks = cpuinfo.split(/\n\s*\n/).filter((block) => /^processor\s*:/m.test(block));
  // The system is asked only for what its files do not say: it reads them once more.
  let asked: CpuInfo[] | undefined;
  const known = (): CpuInfo[] => (asked ??= cpus());
  const field = (block: string, name: string): string =>
    new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(block)?.[1]?.trim() ?? '';
  if (blocks.length === 0) return known().map((cpu) => ({ vendor: '', model: cpu.model.trim(), mhz: cpu.speed }));
  return blocks.map((block, i) => ({
    vendor: field(block, 'vendor_id') || field(block, 'CPU implementer'),
    model: field(block, 'model name') || (known()[i]?.model.trim() ?? ''),
    mhz:
      Number(read(`/sys/devices/system/cpu/cpu${i}/cpufreq/scaling_cur_freq`)) / 1000 ||
      Number(field(block, 'cpu MHz')) ||
      (known()[i]?.speed ?? 0),
  }));
}
