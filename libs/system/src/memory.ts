import { freemem, totalmem } from 'node:os';
import { read } from './kernel-files.js';

/** Bytes. */
export interface Memory {
  total: number;
  used: number;
  swapTotal: number;
  swapUsed: number;
}

export function memory(meminfo = read('/proc/meminfo')): Memory {
  const kib = (name: string): number | null => {
    const match = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(meminfo);
    return match ? Number(match[1]) * 1024 : null;
  };
  const total = kib('MemTotal') ?? totalmem();
  const swapTotal = kib('SwapTotal') ?? 0;
  return {
    total,
    used: total - (kib('MemAvailable') ?? kib('MemFree') ?? freemem()),
    swapTotal,
    swapUsed: swapTotal - (kib('SwapFree') ?? 0),
  };
}
