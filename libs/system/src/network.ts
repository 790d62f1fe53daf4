import { read } from './kernel-files.js';

/** Totals since boot. */
export interface Interface {
  name: string;
  receivedBytes: number;
  receivedPackets: number;
  receiveErrors: number;
  sentBytes: number;
  sentPackets: number;
  sendErrors: number;
}

export function interfaces(dev = read('/proc/net/dev')): Interface[] {
  return dev
    .split('\n')
    .map((line) => /^\s*([^:\s]+):\s*(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', rest = '']) => {
      const n = rest.trim().split(/\s+/).map(Number);
      const at = (i: number): number => n[i] ?? 0;
      return {
        name,
        receivedBytes: at(0),
        receivedPackets: at(1),
        receiveErrors: at(2),
        sentBytes: at(8),
        sentPackets: at(9),
        sendErrors: at(10),
      };
    });
}
