import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '@drover/blobs';
import { VERSION } from '@drover/config';
import { DroverError, isDroverError } from '@drover/domain';
import { readRecord, type RecordReader, type Tables } from '@drover/store';
import { ArchiveWriter } from './archive-writer.js';
import { addNamed, FORMAT, MEMBERS, type BackupEnd, type BackupHead } from './format.js';

/** An installation that is copied. */
export interface BackupSource {
  /** A login that may read the record: the API's will do. */
  databaseUrl: string;
  /** Tables of dialects. */
  tables: readonly Tables[];
  /** Null: large objects are left out. */
  objects: BlobStore | null;
  /** Settings that are no secrets, by name. */
  settings: Record<string, string>;
  /** Keys as `sealKeys` gives them. Null: without keys. */
  sealedKeys: string | null;
  /** Tells how far it is: what is copied now, and bytes before compression so far. */
  onProgress?: (what: string, bytes: number) => void;
}

/** A backup that was written. */
export interface WrittenBackup {
  head: BackupHead;
  end: BackupEnd;
  /** Tables of the database that are not Drover's. */
  unknown: string[];
  /** Bytes of the archive's members. */
  bytes: number;
}

/** An object of which nothing comes for this long is given up, and the backup with it. */
const STILL_MS = 60_000;

/**
 * Writes a backup: the record of one moment, then the large objects that it names. The record's transaction is over
 * before the first object is read. In memory are some pieces, however much there is.
 */
export async function writeBackup(source: BackupSource, out: Writable): Promise<WrittenBackup> {
  const scratch = await mkdtemp(join(tmpdir(), 'drover-backup-'));
  const list = join(scratch, 'objects');
  let copied = 0;
  const tell = (what: string, bytes: number): void => source.onProgress?.(what, (copied += bytes));
  let writer: ArchiveWriter | undefined;
  try {
    const { head, rows, unknown } = await readRecord(source.databaseUrl, source.tables, async (record) => {
      writer = new ArchiveWriter(out, record.at);
      return writeRecord(source, record, writer, list, tell);
    });
    const archive = writer as unknown as ArchiveWriter;
    const end: BackupEnd = {
      sha256: '',
      finishedAt: '',
      rows,
      objects: { count: 0, bytes: 0 },
      missing: { count: 0, first: [] },
      damaged: { count: 0, first: [] },
    };
    if (source.objects !== null) await writeObjects(source.objects, list, archive, end, tell);
    await archive.end(MEMBERS.end, (sha256) => Object.assign(end, { sha256, finishedAt: new Date().toISOString() }));
    return { head, end, unknown, bytes: archive.bytes };
  } catch (error) {
    await writer?.abort();
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writeRecord(
  source: BackupSource,
  record: RecordReader,
  writer: ArchiveWriter,
  list: string,
  tell: (what: string, bytes: number) => void,
): Promise<{ head: BackupHead; rows: Record<string, number>; unknown: string[] }> {
  const { at, server, databaseBytes, migrations, tables, unknown, sequences, sampleDays } = record;
  const head: BackupHead = {
    format: FORMAT,
    drover: VERSION,
    at: at.toISOString(),
    server,
    databaseBytes,
    keys: source.sealedKeys !== null,
    objects: source.objects !== null,
    migrations,
    tables,
    sequences,
    sampleDays,
  };
  await writer.member(MEMBERS.head, Buffer.from(`${JSON.stringify(head, null, 2)}\n`));
  await writer.member(MEMBERS.settings, Buffer.from(settingsText(source.settings)));
  if (source.sealedKeys !== null) await writer.member(MEMBERS.keys, Buffer.from(source.sealedKeys));
  if (source.objects !== null)
    await pipeline(record.largeObjects(), createWriteStream(list, { mode: 0o600, flags: 'wx' }));
  const streams: { name: string; rows: Readable & { rowCount: number } }[] = [];
  for (const table of tables) {
    const rows = record.rows(table);
    streams.push({ name: table.name, rows });
    await writer.pieces('record', table.name, rows, (bytes) => tell(table.name, bytes));
  }
  return { head, unknown, rows: Object.fromEntries(streams.map(({ name, rows }) => [name, rows.rowCount])) };
}

async function writeObjects(
  objects: BlobStore,
  list: string,
  writer: ArchiveWriter,
  end: BackupEnd,
  tell: (what: string, bytes: number) => void,
): Promise<void> {
  const lines = createInterface({ input: createReadStream(list), crlfDelay: Infinity });
  for await (const line of lines) {
    const [key = '', size, sha256] = line.split('\t');
    const bytes = await opened(objects, key);
    if (bytes === null) {
      addNamed(end.missing, key);
      continue;
    }
    const found = await writer.pieces('objects', key, notStill(bytes, key), (n) => tell('large objects', n));
    end.objects.count += 1;
    end.objects.bytes += found.bytes;
    if (String(found.bytes) !== size || found.sha256 !== sha256) addNamed(end.damaged, key);
  }
}

async function opened(objects: BlobStore, key: string): Promise<Readable | null> {
  try {
    return await objects.get(key);
  } catch (error) {
    if (isDroverError(error, 'not_found')) return null;
    throw error;
  }
}

/** Passes bytes on, and fails when none come for a while. A reader that takes its time is no fault of the object's. */
async function* notStill(bytes: Readable, key: string): AsyncGenerator<Buffer> {
  const fault = new DroverError('unavailable', `The large object ${key} gave no byte for ${STILL_MS / 1000} s.`);
  const parts = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const timer = setTimeout(() => bytes.destroy(fault), STILL_MS);
      const { value, done } = await parts.next().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    bytes.destroy();
  }
}

/** Settings as a shell and systemd read them: a line each, in quotation marks where they are needed. */
export const settingsText = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(
      ([name, value]) => `${name}=${/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}\n`,
    )
    .join('');
