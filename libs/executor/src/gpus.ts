import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const TIMEOUT_MS = 5_000;
const MIB = 1024 * 1024;

export interface GpuReading {
  index: number;
  percent: number;
  memoryBytes: number;
}

/** The GPUs of the node as nvidia-smi names them; none where there is no nvidia-smi. */
export async function listGpus(): Promise<{ index: number; name: string; uuid: string }[]> {
  return (await query('index,name,uuid')).map(([index = '', name = '', uuid = '']) => ({ index: Number(index), name, uuid }));
}

/** How busy they are now. */
export async function readGpus(): Promise<GpuReading[]> {
  const rows = await query('index,utilization.gpu,memory.used');
  return rows.map(([index, percent, mib]) => ({ index: Number(index), percent: Number(percent) || 0, memoryBytes: (Number(mib) || 0) * MIB }));
}

async function query(fields: string): Promise<string[][]> {
  try {
    const { stdout } = await execute('nvidia-smi', [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'], { timeout: TIMEOUT_MS });
    return stdout.split('\n').filter((line) => line.trim() !== '').map((line) => line.split(',').map((cell) => cell.trim()));
  } catch {
    return [];
  }
}
