import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sun_path holds 108 bytes with its final zero. */
const LONGEST = 100;

/**
 * Where the supervisor of a spool listens: in the spool, or, when that path is too long for a UNIX socket, in a private
 * folder of the temporary folder named after the spool.
 */
export function socketPath(root: string, name = 'supervisor'): string {
  const inside = join(root, `${name}.sock`);
  if (Buffer.byteLength(inside) <= LONGEST) return inside;
  const folder = join(
    tmpdir(),
    `drover-${process.getuid?.() ?? 0}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? 0) || (found.mode & 0o077) !== 0) {
    throw new Error(
      `${folder} belongs to somebody else or is open to others; remove it, or use a shorter DROVER_DATA_DIR.`,
    );
  }
  return join(folder, `${name.slice(0, 1)}.sock`);
}
