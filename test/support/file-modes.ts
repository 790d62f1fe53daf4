import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface FoundFile {
  /** Below the folder that was walked; empty for itself. */
  path: string;
  kind: 'folder' | 'file' | 'socket' | 'link' | 'other';
  mode: number;
}

/** Everything in a folder with its mode, the folder itself first. Does not follow links, nor go where `skip` says no. */
export function walk(root: string, skip: (path: string) => boolean = () => false): FoundFile[] {
  const found: FoundFile[] = [];
  const visit = (path: string): void => {
    const seen = lstatSync(join(root, path), { throwIfNoEntry: false });
    // Temporary files go while we walk.
    if (!seen) return;
    const kind = seen.isDirectory()
      ? 'folder'
      : seen.isFile()
        ? 'file'
        : seen.isSocket()
          ? 'socket'
          : seen.isSymbolicLink()
            ? 'link'
            : 'other';
    found.push({ path, kind, mode: seen.mode & 0o7777 });
    if (kind !== 'folder' || skip(path)) return;
    for (const name of readdirSync(join(root, path))) visit(path === '' ? name : `${path}/${name}`);
  };
  visit('');
  return found;
}
