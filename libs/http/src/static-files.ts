import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';

/** The kinds of files that a folder may serve. A file of another kind is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Packed forms that lie beside a file, the smaller one first. */
const PACKED = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
type Coding = (typeof PACKED)[number][0];

interface StaticFile {
  path: string;
  type: string;
  hash: string;
  packed: ReadonlySet<Coding>;
}

/** A file in the form that a request takes. */
export interface StaticAnswer {
  headers: Record<string, string | number>;
  /** Reads the bytes. */
  body(): Promise<Buffer>;
}

/**
 * The files of a folder, listed once: a request names one of the list, or gets nothing. So no path leads out of the
 * folder, whatever it is made of.
 */
export class StaticFiles {
  private readonly files = new Map<string, StaticFile>();

  /** A folder that is not there has no files. */
  constructor(folder: string) {
    const names = new Set(listed(folder));
    for (const name of names) {
      const type = TYPES[extname(name)];
      if (type === undefined) continue;
      const path = join(folder, name);
      const hash = createHash('sha256').update(readFileSync(path)).digest('base64url').slice(0, 22);
      const packed = new Set(PACKED.filter(([, suffix]) => names.has(`${name}${suffix}`)).map(([coding]) => coding));
      this.files.set(name, { path, type, hash, packed });
    }
  }

  has(name: string): boolean {
    return this.files.has(name);
  }

  /** The file of this name, relative to the folder; null: there is none. */
  answer(name: string, headers: IncomingHttpHeaders): StaticAnswer | null {
    const file = this.files.get(name);
    if (file === undefined) return null;
    const coding = PACKED.find(([word]) => file.packed.has(word) && takes(headers['accept-encoding'], word));
    return {
      headers: {
        'Content-Type': file.type,
        ETag: `"${file.hash}${coding === undefined ? '' : `-${coding[0]}`}"`,
        Vary: 'Accept-Encoding',
        ...(coding === undefined ? {} : { 'Content-Encoding': coding[0] }),
      },
      body: () => readFile(`${file.path}${coding?.[1] ?? ''}`),
    };
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, ''));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether Accept-Encoding names a coding, or everything, and not with q=0. */
function takes(header: string | string[] | undefined, coding: Coding): boolean {
  const parts = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()));
  const said = parts.find(([name]) => name === coding) ?? parts.find(([name]) => name === '*');
  return said !== undefined && !said.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
}

/** Whether the client has this version already, by its If-None-Match. */
export const isKnown = (headers: IncomingHttpHeaders, etag: string): boolean =>
  (headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');
