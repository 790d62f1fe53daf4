import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import tar from 'tar-stream';
import { DroverError } from '@drover/domain';
import { FORMAT, MEMBERS, parsePieceName, PIECE_BYTES, type BackupEnd, type BackupHead } from './format.js';

const unpack = promisify(gunzip);

/** No member of ours is larger. */
const MOST_BYTES = 4 * PIECE_BYTES;

/** Takes what a backup holds, in the order of its members. What is left out is passed over. */
export interface BackupHandlers {
  head?: (head: BackupHead) => Promise<void> | void;
  settings?: (text: string) => Promise<void> | void;
  /** The sealed keys, as `openKeys` takes them. */
  keys?: (sealed: string) => Promise<void> | void;
  /** The rows of a table. All pieces have to be taken. */
  rows?: (table: string, pieces: AsyncIterable<Buffer>) => Promise<unknown>;
  /** A large object. All pieces have to be taken. */
  object?: (key: string, pieces: AsyncIterable<Buffer>) => Promise<unknown>;
}

interface Member {
  name: string;
  data: Buffer;
}

/**
 * Reads a backup once through. Resolves only when it is whole: the last member is there and its digest is that of all
 * others.
 *
 * @throws DroverError (`invalid`) that says what is wrong with the file
 */
export async function readBackup(source: Readable, handlers: BackupHandlers): Promise<BackupEnd> {
  const hash = createHash('sha256');
  const members = membersOf(source);
  let end: BackupEnd | undefined;
  const take = async (): Promise<Member | null> => {
    const { value, done } = await members.next();
    if (done) return null;
    if (value.name !== MEMBERS.end) hash.update(`${value.name}\n${value.data.length}\n`).update(value.data);
    return value;
  };
  try {
    const head = headOf(await take());
    await handlers.head?.(head);
    for (let member = await take(); member !== null;) {
      if (end !== undefined) throw damaged(`${member.name} stands behind its end`);
      if (member.name === MEMBERS.end) end = endOf(member.data, hash.digest('hex'));
      const piece = parsePieceName(member.name);
      if (piece === null) {
        if (member.name === MEMBERS.settings) await handlers.settings?.(member.data.toString());
        if (member.name === MEMBERS.keys) await handlers.keys?.(member.data.toString());
        member = await take();
        continue;
      }
      const run = piecesFrom(member, take);
      const handler = piece.kind === 'record' ? handlers.rows : handlers.object;
      await handler?.(piece.name, run.pieces());
      member = await run.rest();
    }
  } finally {
    source.destroy();
  }
  if (end === undefined) throw damaged('its end is missing: it was cut, or never written to its end');
  return end;
}

/** The pieces of one table or object, from the first one on, and the member behind them. */
function piecesFrom(
  first: Member,
  take: () => Promise<Member | null>,
): { pieces: () => AsyncGenerator<Buffer>; rest: () => Promise<Member | null> } {
  const wanted = parsePieceName(first.name);
  let member: Member | null = first;
  let number = 1;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = member === null ? null : parsePieceName(member.name);
      if (member === null || piece === null || piece.kind !== wanted?.kind || piece.name !== wanted.name) return;
      if (piece.number !== number) throw damaged(`piece ${number} of ${piece.name} is missing`);
      const data = piece.isPacked ? await unpacked(member) : member.data;
      number += 1;
      member = await take();
      yield data;
    }
  }
  return {
    pieces,
    rest: async () => {
      for await (const _ of pieces());
      return member;
    },
  };
}

async function unpacked({ name, data }: Member): Promise<Buffer> {
  try {
    return await unpack(data, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw damaged(`${name} cannot be unpacked (${(error as Error).message})`);
  }
}

async function* membersOf(source: Readable): AsyncGenerator<Member, undefined> {
  const archive = tar.extract();
  // An error of the source is that of the archive; whoever takes members hears of it.
  source.once('error', (error) => archive.destroy(error));
  source.pipe(archive as unknown as NodeJS.WritableStream);
  try {
    for await (const entry of archive) {
      const { name, size = 0 } = entry.header;
      if (size > MOST_BYTES) throw damaged(`${name} has ${size} bytes, more than any part of a backup`);
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      yield { name, data: Buffer.concat(parts) };
    }
  } catch (error) {
    if (error instanceof DroverError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new DroverError('unavailable', `The backup cannot be read (${code}).`);
    throw damaged(message);
  } finally {
    archive.destroy();
  }
}

function headOf(member: Member | null): BackupHead {
  const head = member?.name === MEMBERS.head ? (parsed(member.data) as Partial<BackupHead> | null) : null;
  if (head === null || typeof head.format !== 'number')
    throw new DroverError('invalid', 'The file is no backup of Drover: `drover backup` writes one.');
  if (head.format > FORMAT)
    throw new DroverError(
      'invalid',
      `The backup was made by a newer Drover (${head.drover}, format ${head.format}): restore it with that version.`,
    );
  return head as BackupHead;
}

function endOf(data: Buffer, sha256: string): BackupEnd {
  const end = parsed(data) as BackupEnd | null;
  if (end?.sha256 !== sha256) throw damaged('its bytes are not those that were written (the SHA-256 differs)');
  return end;
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return null;
  }
}

const damaged = (what: string): DroverError =>
  new DroverError('invalid', `The backup is damaged: ${what}. Take another one.`, { damaged: true });
