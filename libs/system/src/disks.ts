import { statfs } from 'node:fs/promises';
import { basename } from 'node:path';
import { list, read } from './kernel-files.js';

export interface Disk {
  kind: string;
  device: string;
  fs: string;
  mountpoint: string;
  /** Bytes. */
  size: number;
  free: number;
}

/** A network file system whose server is away answers statfs never; such a disk is left out. */
const STATFS_MS = 500;

/** Mounted block devices, each once: bind mounts of the same device are the same disk. */
export async function disks(mounts = read('/proc/self/mounts')): Promise<Disk[]> {
  const seen = new Set<string>();
  const found: Promise<Disk | null>[] = [];
  for (const line of mounts.split('\n')) {
    const [device = '', mount = '', fs = ''] = line.split(' ').map(unescapeOctal);
    if (!device.startsWith('/dev/') || device.startsWith('/dev/loop') || seen.has(device)) continue;
    seen.add(device);
    found.push(measured(device, mount, fs));
  }
  return (await Promise.all(found)).filter((disk) => disk !== null);
}

async function measured(device: string, mountpoint: string, fs: string): Promise<Disk | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), STATFS_MS);
  });
  try {
    const stats = await Promise.race([statfs(mountpoint), late]);
    if (!stats || stats.blocks === 0) return null;
    return {
      kind: kindOf(device),
      device,
      fs,
      mountpoint,
      size: stats.blocks * stats.bsize,
      free: stats.bavail * stats.bsize,
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** `Unknown(-1)`: the kernel does not say. */
function kindOf(device: string): string {
  const name = basename(device);
  // A partition's own folder has no queue; its disk's has.
  const disk =
    list('/sys/block').find(
      (block) => name === block || (name.startsWith(block) && /^p?\d+$/.test(name.slice(block.length))),
    ) ?? name;
  const rotational = read(`/sys/block/${disk}/queue/rotational`).trim();
  return rotational === '0' ? 'SSD' : rotational === '1' ? 'HDD' : 'Unknown(-1)';
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
