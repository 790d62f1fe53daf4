import { createHmac, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { isDroverError } from '@drover/domain';
import type { Store } from '@drover/store';
import { createKeyFile, isExposed, readKeyFile, type FileKey } from './key-file.js';
import { CLEAR_ID, newRingKey, ringRecord, wrongFile, type RingKey } from './ring-record.js';
import { Sealer } from './sealer.js';

/** How often each process looks whether the ring was changed. */
const REFRESH_MS = 10_000;
/** A new key is used so long after it was made: by then every process knows it. */
const SPREAD_S = 30;
/** How long signatures of an earlier key are accepted by default, in seconds: longer than any access token lives. */
const KEEP_S = 7 * 86_400;

/** A key for one use, made from a key of the ring. */
export interface DerivedKey {
  /** The id of the ring's key, for headers such as `kid`. */
  id: string;
  /** 32 bytes. */
  key: Buffer;
  /** The time from which this key counts for nothing. Null: no end is set. */
  ends_at: Date | null;
}

/** The facts of a key that may be shown; its material is not among them. */
export type KeyFacts = Omit<RingKey, 'material'> & { state: 'coming' | 'present' | 'previous' | 'ended' };

export interface KeyringOptions {
  /** The file outside the record that opens the ring. */
  keyFile: string;
  warn?: (message: string) => void;
}

/**
 * The keys of this installation: the present one signs and seals, it and those before it are taken until their end. In
 * the record they are sealed with a file that is not part of it. All replicas share record and file.
 */
export class Keyring {
  /** The id of the key that an earlier version kept in clear. */
  static readonly FIRST_ID = CLEAR_ID;
  /** The newest first. */
  private keys: RingKey[] = [];
  /** The latest time that the record has told. An answer that was long under way makes the skew too small. */
  private seen = 0;
  /** Postgres's clock minus ours. */
  private skewMs = 0;
  private readonly derived = new Map<string, Buffer>();
  private readonly listeners: (() => Promise<void>)[] = [];
  private readonly resealers: (() => Promise<void>)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private presentId = '';

  private constructor(
    private readonly store: Store,
    private readonly options: KeyringOptions,
    private fileKeys: FileKey[],
  ) {}

  /**
   * Opens the ring. On an empty record makes it, and the key file where there is none; a key that an earlier version
   * kept in clear is sealed and taken out.
   *
   * @throws DroverError naming the key file and the remedy
   */
  static async open(store: Store, options: KeyringOptions): Promise<Keyring> {
    const { keyFile, warn } = options;
    let made = false;
    let fileKeys = readKeyFile(keyFile);
    if (fileKeys === null) {
      const exists = await ringRecord.exists(store.sql);
      if (!exists) made = createKeyFile(keyFile);
      // A replica beside us may have made both meanwhile.
      fileKeys = readKeyFile(keyFile);
      if (fileKeys === null) throw wrongFile(keyFile, 'is not there; it seals');
    }
    if (isExposed(keyFile))
      warn?.(`the key file ${keyFile} can be read by every user of this machine: chmod 600 ${keyFile}`);
    const ring = new Keyring(store, options, fileKeys);
    try {
      await ring.load();
    } catch (error) {
      // Another replica was first, with a file of its own: ours would only mislead.
      if (made && isDroverError(error, 'unavailable') && error.details['key_file'] === keyFile)
        rmSync(keyFile, { force: true });
      throw error;
    }
    return ring;
  }

  /**
   * Forgets every key and makes a new one: for a key file that is lost. What was signed or sealed before is lost with
   * it.
   */
  static async reset(store: Store, options: KeyringOptions): Promise<Keyring> {
    await store.tx(async (sql) => {
      await ringRecord.lock(sql);
      await ringRecord.forget(sql);
    });
    return Keyring.open(store, options);
  }

  /** The key that signs and seals now. */
  present(use: string): DerivedKey {
    return this.derive(this.presentKey(), use);
  }

  /**
   * The keys whose signatures are accepted now, the present one first. Keys that come are among them, so that clocks
   * need not agree.
   */
  accepted(use: string): DerivedKey[] {
    const present = this.presentKey();
    const now = this.now();
    return [present, ...this.keys.filter((key) => key !== present && !isEnded(key, now))].map((key) =>
      this.derive(key, use),
    );
  }

  /** The accepted key of this id; null when there is none. */
  find(use: string, id: string): DerivedKey | null {
    return this.accepted(use).find((key) => key.id === id) ?? null;
  }

  /** Signs a text with the present key. */
  mac(text: string): string {
    return macOf(this.presentKey(), text);
  }

  /** Whether an accepted key signed the text. */
  verifies(text: string, mac: string): boolean {
    const given = Buffer.from(mac);
    const now = this.now();
    return this.keys
      .filter((key) => !isEnded(key, now))
      .some((key) => {
        const expected = Buffer.from(macOf(key, text));
        return expected.length === given.length && timingSafeEqual(expected, given);
      });
  }

  /**
   * Seals what is kept in the record, each use with keys of its own. Opens what any key of the ring has sealed, also
   * one that has ended but was not yet removed.
   */
  sealer(use: string): Sealer {
    return new Sealer(
      () => this.present(use).key,
      () => this.keys.map((key) => this.derive(key, use).key),
    );
  }

  /** Called after the present key has become another one. */
  onChange(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** Work that seals anew, with the present key, what earlier ones have sealed; done before an ended key is removed. */
  onReseal(work: () => Promise<void>): void {
    this.resealers.push(work);
  }

  /** All keys, the newest first, without themselves. */
  list(): KeyFacts[] {
    const present = this.presentKey();
    const now = this.now();
    return this.keys.map(({ material: _, ...facts }) => ({
      ...facts,
      state:
        facts.id === present.id
          ? 'present'
          : isEnded(facts, now)
            ? 'ended'
            : facts.since.getTime() > now
              ? 'coming'
              : 'previous',
    }));
  }

  /**
   * A new key. It is used from `spreadS` on, when every replica knows it; what the present one has signed is taken for
   * `keepS` longer. Both 0: what was signed until now counts no more, as far as replicas have looked.
   */
  async rotate({ keepS = KEEP_S, spreadS = SPREAD_S }: { keepS?: number; spreadS?: number } = {}): Promise<KeyFacts> {
    const id = await this.change((keys, now) => {
      const fresh = newRingKey(now + spreadS * 1000, now);
      const ends = new Date(fresh.since.getTime() + keepS * 1000);
      return [
        fresh,
        ...keys.map((key) => (key.ends_at === null || key.ends_at > ends ? { ...key, ends_at: ends } : key)),
      ];
    });
    return this.list().find((key) => key.id === id) as KeyFacts;
  }

  /** Seals anew what ended keys have sealed, then removes those keys. One replica at a time is enough. */
  async tidy(): Promise<void> {
    await this.refresh();
    const present = this.presentKey();
    if (this.keys.every((key) => key === present)) return;
    for (const work of this.resealers) await work();
    if (!this.list().some((key) => key.state === 'ended')) return;
    await this.change((keys, now) => keys.filter((key) => !isEnded(key, now)));
  }

  /** Looks regularly whether another process has changed the ring. */
  start(): void {
    this.timer = setInterval(() => {
      this.refresh().catch((error: unknown) =>
        this.options.warn?.(`the keys could not be read again: ${(error as Error).message}`),
      );
    }, REFRESH_MS);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Reads the ring again; tells listeners when the present key has become another one. */
  async refresh(): Promise<void> {
    this.fileKeys = readKeyFile(this.options.keyFile) ?? this.fileKeys;
    await this.load();
  }

  private async load(): Promise<void> {
    const [read, now] = await Promise.all([
      ringRecord.read(this.store.sql, this.fileKeys, this.options.keyFile),
      ringRecord.now(this.store.sql),
    ]);
    this.skewMs = now - Date.now();
    this.seen = Math.max(this.seen, now);
    if (read?.fresh) await this.take(read.keys);
    else await this.change((keys) => keys);
  }

  /** Changes the ring under a lock, and takes it. Gives the id of the newest key. */
  private async change(work: (keys: RingKey[], now: number) => RingKey[]): Promise<string> {
    const keys = await this.store.tx(async (sql) => {
      await ringRecord.lock(sql);
      const now = await ringRecord.now(sql);
      this.seen = Math.max(this.seen, now);
      const before =
        (await ringRecord.read(sql, this.fileKeys, this.options.keyFile))?.keys ?? (await this.firstKeys(sql, now));
      const after = work(before, now);
      await ringRecord.write(sql, this.fileKeys, after);
      return after;
    });
    await this.take(keys);
    return (this.keys[0] as RingKey).id;
  }

  private async firstKeys(sql: Parameters<typeof ringRecord.now>[0], now: number): Promise<RingKey[]> {
    const material = await ringRecord.takeClear(sql);
    if (material === null) return [newRingKey(now, now)];
    this.options.warn?.(
      'the key of this installation was in the record in clear and is sealed now. Copies of the database made before hold it: run `drover keys rotate`',
    );
    return [{ ...newRingKey(now, now), id: CLEAR_ID, material }];
  }

  private async take(keys: RingKey[]): Promise<void> {
    this.keys = keys.toSorted((a, b) => b.since.getTime() - a.since.getTime());
    for (const known of this.derived.keys())
      if (!this.keys.some(({ id }) => known.startsWith(`${id}:`))) this.derived.delete(known);
    const { id } = this.presentKey();
    if (id === this.presentId) return;
    const first = this.presentId === '';
    this.presentId = id;
    if (!first) for (const listener of this.listeners) await listener();
  }

  /** The newest key whose time has come. */
  private presentKey(): RingKey {
    const now = this.now();
    return (this.keys.find((key) => key.since.getTime() <= now) ?? this.keys.at(-1)) as RingKey;
  }

  private derive(key: RingKey, use: string): DerivedKey {
    const name = `${key.id}:${use}`;
    let derived = this.derived.get(name);
    if (!derived) this.derived.set(name, (derived = createHmac('sha256', key.material).update(`key:${use}`).digest()));
    return { id: key.id, key: derived, ends_at: key.ends_at };
  }

  private now(): number {
    return Math.max(Date.now() + this.skewMs, this.seen);
  }
}

const isEnded = ({ ends_at }: Pick<RingKey, 'ends_at'>, now: number): boolean =>
  ends_at !== null && ends_at.getTime() <= now;
const macOf = ({ material }: RingKey, text: string): string =>
  createHmac('sha256', material).update(text).digest('base64url');
