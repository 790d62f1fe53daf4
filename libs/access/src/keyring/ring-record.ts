import { randomBytes } from 'node:crypto';
import { DroverError } from '@drover/domain';
import { clockOf, holdLock, settingStore, type Sql } from '@drover/store';
import type { FileKey } from './key-file.js';
import { open, seal } from './seal.js';

/** A key of this installation, opened. */
export interface RingKey {
  /** Eight hexadecimal digits; in the header of what it signs. */
  id: string;
  created_at: Date;
  /** The time from which this key is the present one. */
  since: Date;
  /** The time from which nothing is accepted that this key signed. Null: no end is set. */
  ends_at: Date | null;
  material: Buffer;
}

/** The key as it stands in the record. */
interface SealedKey {
  id: string;
  created_at: string;
  since: string;
  ends_at: string | null;
  /** Name of the line of the key file that opens it. */
  sealed_by: string;
  sealed: string;
}

interface Stored {
  version: 1;
  keys: SealedKey[];
}

const RING = 'keyring';
/** The row of versions that kept one key, in clear. */
const CLEAR = 'signing_key';
/** The id of a key that was once in clear. */
export const CLEAR_ID = '00000000';
/** The rows of the ring in the record. Changes only within a transaction that has called `lock`. */
export const ringRecord = {
  lock: (sql: Sql): Promise<unknown> => holdLock(sql, 'keyring'),

  /** The clock that `since` and `ends_at` are compared with, whichever machine looks. */
  now: (sql: Sql): Promise<number> => clockOf(sql),

  exists: async (sql: Sql): Promise<boolean> => (await settingStore.get<Stored>(sql, RING)) !== null,

  /**
   * Opens the ring; null when there is none. `fresh`: nothing has to be sealed anew. @throws DroverError naming the
   * file and the remedy
   */
  async read(sql: Sql, fileKeys: FileKey[], keyFile: string): Promise<{ keys: RingKey[]; fresh: boolean } | null> {
    const stored = await settingStore.get<Stored>(sql, RING);
    if (stored === null) return null;
    return {
      keys: stored.keys.map((key) => opened(key, fileKeys, keyFile)),
      fresh: stored.keys.every((key) => key.sealed_by === fileKeys[0]?.id),
    };
  },

  async write(sql: Sql, fileKeys: FileKey[], keys: RingKey[]): Promise<void> {
    const [by] = fileKeys;
    if (by === undefined) throw new Error('A key file has at least one key.');
    const value: Stored = {
      version: 1,
      keys: keys.map(({ id, created_at, since, ends_at, material }) => ({
        id,
        created_at: created_at.toISOString(),
        since: since.toISOString(),
        ends_at: ends_at?.toISOString() ?? null,
        sealed_by: by.id,
        sealed: seal(by.key, placeOf(id), material).toString('base64'),
      })),
    };
    await settingStore.put(sql, RING, value);
  },

  forget: async (sql: Sql): Promise<void> => {
    for (const row of [RING, CLEAR]) await settingStore.delete(sql, row);
  },

  /** The key that earlier versions kept in clear. It is gone from the record afterwards. */
  async takeClear(sql: Sql): Promise<Buffer | null> {
    const clear = await settingStore.get<string>(sql, CLEAR);
    if (clear === null) return null;
    await settingStore.delete(sql, CLEAR);
    // As those versions used it: the text, not what it encodes.
    return Buffer.from(clear);
  },
};

export function newRingKey(since: number, now: number): RingKey {
  return {
    id: randomBytes(4).toString('hex'),
    created_at: new Date(now),
    since: new Date(since),
    ends_at: null,
    material: randomBytes(32),
  };
}

const placeOf = (id: string): string => `keyring:${id}`;

function opened(key: SealedKey, fileKeys: FileKey[], keyFile: string): RingKey {
  const by = fileKeys.find((fileKey) => fileKey.id === key.sealed_by);
  const material = by && open(by.key, placeOf(key.id), Buffer.from(key.sealed, 'base64'));
  if (!material)
    throw wrongFile(keyFile, by === undefined ? `does not hold the key ${key.sealed_by} that seals` : 'does not open');
  return {
    id: key.id,
    created_at: new Date(key.created_at),
    since: new Date(key.since),
    ends_at: key.ends_at === null ? null : new Date(key.ends_at),
    material,
  };
}

/** Several replicas share one file; one that has none, or another one, must not make keys of its own. */
export function wrongFile(keyFile: string, what: string): DroverError {
  return new DroverError(
    'unavailable',
    `The key file ${keyFile} ${what} the keys of this record: copy the file of another replica, or of a backup, to this place, or set DROVER_KEY_FILE to it. ` +
      'If it is lost for good, `drover keys reset` makes new keys; logins end and stored secrets are lost.',
    { key_file: keyFile },
  );
}
