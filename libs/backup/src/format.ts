import type { RecordShape } from '@drover/store';

/** Raised when a reader of before could not read what is written now. */
export const FORMAT = 1;

/**
 * The members of a backup, which is a tar archive, in this order: the head, the settings, the sealed keys, the rows of
 * each table and the large objects in numbered pieces, the end.
 */
export const MEMBERS = {
  head: 'drover-backup.json',
  settings: 'settings.env',
  keys: 'keys.json',
  end: 'end.json',
} as const;

/** The most bytes of a piece before it is compressed. A reader takes four times as much. */
export const PIECE_BYTES = 4 * 1024 * 1024;

/** The first member: everything that is known before the rows are read. */
export interface BackupHead extends Omit<RecordShape, 'at' | 'unknown'> {
  format: number;
  /** Version of the Drover that wrote it. */
  drover: string;
  /** The moment whose record it holds, ISO 8601. */
  at: string;
  /** Whether the keys of the installation are in it, sealed. */
  keys: boolean;
  /** Whether the large objects are in it. */
  objects: boolean;
}

/** Some of many: their number, and the names of the first ones. */
export interface Named {
  count: number;
  first: string[];
}

/** The last member: a file without it was cut. */
export interface BackupEnd {
  /** SHA-256 over names, sizes and bytes of all members before this one, hex. */
  sha256: string;
  finishedAt: string;
  /** Rows of each table. */
  rows: Record<string, number>;
  /** Large objects that are in it. */
  objects: { count: number; bytes: number };
  /** Large objects that the record names and that were not stored any more: mostly, their jobs were deleted meanwhile. */
  missing: Named;
  /** Large objects whose bytes are not those that the record knows the digest of. They are in the backup as they are. */
  damaged: Named;
}

/** Names that are told of many. */
const TOLD = 1_000;

/** Counts one more, and keeps its name while there is room. */
export function addNamed(named: Named, name: string): void {
  named.count += 1;
  if (named.first.length < TOLD) named.first.push(name);
}

/** The name of a piece of a table's rows, or of a large object. */
export const pieceName = (kind: 'record' | 'objects', name: string, number: number, isPacked: boolean): string =>
  `${kind}/${name}.${String(number).padStart(6, '0')}${isPacked ? '.gz' : ''}`;

const PIECE = /^(record|objects)\/([a-z0-9_/-]+)\.(\d{6,})(\.gz)?$/;

/** The parts of the name of a piece; null: it is none. */
export function parsePieceName(
  name: string,
): { kind: 'record' | 'objects'; name: string; number: number; isPacked: boolean } | null {
  const match = PIECE.exec(name);
  if (match === null) return null;
  const [, kind, of = '', number, packed] = match;
  return { kind: kind as 'record' | 'objects', name: of, number: Number(number), isPacked: packed !== undefined };
}
