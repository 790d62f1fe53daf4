import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GpuReading } from '@drover/domain';

const execute = promisify(execFile);
const TIMEOUT_MS = 5_000;
const MIB = 1024 * 1024;

export interface GpuFacts {
  index: number;
  name: string;
  uuid: string;
}

const NVIDIA_FIELDS = 'index,name,uuid,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw';
const AMD_ARGS = [
  '--showid',
  '--showproductname',
  '--showuniqueid',
  '--showuse',
  '--showmeminfo',
  'vram',
  '--showtemp',
  '--showpower',
  '--json',
];

/** A number a tool printed; `[N/A]`, `[Not Supported]`, `Unknown Error` and nothing are null. */
function number(text: string | undefined): number | null {
  const word = text?.trim() ?? '';
  return /^[+-]?\d+(\.\d+)?$/.test(word) ? Number(word) : null;
}

const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

export type Gpu = GpuReading & { name: string };

/** `nvidia-smi --query-gpu=<NVIDIA_FIELDS> --format=csv,noheader,nounits`. Lines that name no GPU are left out. */
export function parseNvidiaSmi(text: string): Gpu[] {
  return text.split('\n').flatMap((line): Gpu[] => {
    const cells = line.split(',').map((cell) => cell.trim());
    const index = number(cells[0]);
    if (index === null || cells.length < 3) return [];
    return [
      {
        index,
        name: cells[1] ?? '',
        uuid: cells[2] || null,
        vendor: 'nvidia',
        utilization_percent: number(cells[3]),
        memory_used_bytes: times(number(cells[4]), MIB),
        memory_total_bytes: times(number(cells[5]), MIB),
        temperature_celsius: number(cells[6]),
        power_watts: number(cells[7]),
      },
    ];
  });
}

/** `rocm-smi --json`: an object a card; the names of the keys differ between versions. */
export function parseRocmSmi(text: string): Gpu[] {
  let cards: Record<string, Record<string, string>>;
  try {
    cards = JSON.parse(text) as typeof cards;
  } catch {
    return [];
  }
  return Object.entries(cards).flatMap(([card, fields]): Gpu[] => {
    const index = number(/^card(\d+)$/.exec(card)?.[1]);
    if (index === null || typeof fields !== 'object' || fields === null) return [];
    const find = (...patterns: RegExp[]): string | undefined => {
      for (const pattern of patterns) {
        const key = Object.keys(fields).find((name) => pattern.test(name));
        if (key !== undefined) return fields[key];
      }
      return undefined;
    };
    return [
      {
        index,
        name: find(/^card series$/i, /^card model$/i, /^device name$/i) ?? '',
        uuid: find(/^unique id$/i) ?? null,
        vendor: 'amd',
        utilization_percent: number(find(/^gpu use \(%\)$/i)),
        memory_used_bytes: number(find(/vram total used memory \(b\)/i)),
        memory_total_bytes: number(find(/vram total memory \(b\)/i)),
        temperature_celsius: number(find(/temperature \(sensor edge\)/i, /temperature \(sensor junction\)/i)),
        power_watts: number(find(/(average|current socket) graphics package power \(w\)/i)),
      },
    ];
  });
}

/** Output of a tool; null where there is none, or it fails or hangs. */
async function ask(program: string, args: string[]): Promise<string | null> {
  try {
    return (await execute(program, args, { timeout: TIMEOUT_MS })).stdout;
  } catch {
    return null;
  }
}

/** The GPUs of the node as they are now: NVIDIA's tool first, AMD's where that finds none. Empty without either. */
export async function readGpus(): Promise<Gpu[]> {
  const nvidia = parseNvidiaSmi(
    (await ask('nvidia-smi', [`--query-gpu=${NVIDIA_FIELDS}`, '--format=csv,noheader,nounits'])) ?? '',
  );
  return nvidia.length > 0 ? nvidia : parseRocmSmi((await ask('rocm-smi', AMD_ARGS)) ?? '');
}

/** The GPUs of this machine, for the facts of the node. */
export async function listGpus(): Promise<GpuFacts[]> {
  return (await readGpus()).map(({ index, name, uuid }) => ({ index, name, uuid: uuid ?? '' }));
}
