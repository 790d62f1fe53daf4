import { closeSync, readdirSync, readFileSync } from 'node:fs';

const DESCRIPTORS = '/proc/self/fdinfo';
/** The bit in `flags` of a descriptor's fdinfo that says: it is closed when another program starts. */
const O_CLOEXEC = 0o2000000;

/**
 * Closes what this process was handed besides its standard streams: whoever started the worker may have had a secret
 * open, and every job would inherit it. All that Node opens is closed at an exec anyway, so what is not came from
 * outside. Where there is no /proc nothing is known of descriptors, and nothing is closed.
 */
export function closeInherited(): void {
  for (const fd of descriptors()) {
    if (fd <= 2) continue;
    try {
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`${DESCRIPTORS}/${fd}`, 'utf8'))?.[1];
      if (flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0) closeSync(fd);
    } catch {
      // It is closed already, e.g. the one that read the folder.
    }
  }
}

function descriptors(): number[] {
  try {
    return readdirSync(DESCRIPTORS).map(Number);
  } catch {
    return [];
  }
}
