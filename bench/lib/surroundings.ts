import { statfsSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';

/** File systems that live in memory, by their magic numbers: tmpfs and ramfs. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/** Sentences on what makes the figures of this run other than they should be. To be asked before anything is measured. */
export function surroundings(
  cores: number,
  load = loadavg()[0] ?? 0,
  fileSystem = statfsSync(tmpdir()).type,
): string[] {
  const notes: string[] = [];
  if (load > cores / 4)
    notes.push(
      `Others were using this machine at the start (load ${load.toFixed(1)} on ${cores} cores): wide spreads are theirs.`,
    );
  if (IN_MEMORY.has(fileSystem))
    notes.push(
      `The temporary folder ${tmpdir()} is in memory, where a commit costs nothing: set TMPDIR to a folder on a disk.`,
    );
  return notes;
}
