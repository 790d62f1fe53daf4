import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyring, Sealer, SecretsService, ClientsService } from '@drover/access';
import { settingStore, Store } from '@drover/store';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

let folder: string;
let keyFile: string;
let url: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-keys-'));
  keyFile = join(folder, 'instance.key');
  url = await createTestDatabase();
  store = await Store.open({ url, pool: 4 });
});

afterEach(async () => {
  await store.close();
  await dropTestDatabase(url);
  rmSync(folder, { recursive: true, force: true });
});

/** Everything the record holds of keys, as somebody with a copy of it sees it. */
const record = async (): Promise<string> => JSON.stringify(await store.sql.rows('SELECT * FROM instance_setting'));

describe('the keys of an installation', () => {
  it('are in the record sealed, and the file that opens them is readable by its owner alone', async () => {
    const ring = await Keyring.open(store, { keyFile });
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const { key } = ring.present('jwt');
    const [stored] = (await settingStore.get<{ keys: { sealed: string }[] }>(store.sql, 'keyring'))?.keys ?? [];
    expect(Buffer.from(stored?.sealed ?? '', 'base64')).toHaveLength(12 + 32 + 16);
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(await record()).not.toContain(key.toString(form));
    const again = await Keyring.open(store, { keyFile });
    expect(again.present('jwt')).toEqual(ring.present('jwt'));
    expect(again.present('secrets').key).not.toEqual(key);
  });

  it('that an earlier version kept in clear are sealed, go on to count, and are gone from the record', async () => {
    const clear = 'c2lnbmluZy1rZXktb2YtYW4tZWFybGllci12ZXJzaW9u';
    await settingStore.put(store.sql, 'signing_key', clear);
    const warnings: string[] = [];
    const ring = await Keyring.open(store, { keyFile, warn: (message) => warnings.push(message) });
    expect(await record()).not.toContain(clear);
    // As that version computed them.
    expect(ring.present('jwt').key).toEqual(createHmac('sha256', clear).update('key:jwt').digest());
    expect(
      ring.verifies('execution:e:j', createHmac('sha256', clear).update('execution:e:j').digest('base64url')),
    ).toBe(true);
    expect(warnings.join()).toContain('drover keys rotate');
  });

  it('are made once by replicas that start together with one file', async () => {
    const rings = await Promise.all(Array.from({ length: 6 }, () => Keyring.open(store, { keyFile })));
    expect(new Set(rings.map((ring) => ring.present('jwt').key.toString('hex'))).size).toBe(1);
  });

  it('refuse a replica without the file, or with another one, naming file and remedy, and leave no file behind', async () => {
    await Keyring.open(store, { keyFile });
    const missing = join(folder, 'other.key');
    await expect(Keyring.open(store, { keyFile: missing })).rejects.toThrow(
      /^The key file .*other\.key is not there; it seals the keys of this record: copy the file of another replica.*DROVER_KEY_FILE/,
    );
    expect(existsSync(missing)).toBe(false);
    writeFileSync(missing, `${'x'.repeat(40)}\n`);
    await expect(Keyring.open(store, { keyFile: missing })).rejects.toThrow(
      /other\.key does not hold the key [0-9a-f]{8} that seals the keys of this record: .*drover keys reset/,
    );
    writeFileSync(missing, 'short\n');
    await expect(Keyring.open(store, { keyFile: missing })).rejects.toThrow(
      /other\.key has a line of fewer than 32 characters/,
    );
    writeFileSync(missing, '\n');
    await expect(Keyring.open(store, { keyFile: missing })).rejects.toThrow(/other\.key is empty/);
    await expect(Keyring.open(store, { keyFile: join(folder, 'instance.key', 'x') })).rejects.toThrow(/ENOTDIR/);
  });

  it('after a rotation sign with the new one, and take the old one until its end', async () => {
    const ring = await Keyring.open(store, { keyFile });
    const replica = await Keyring.open(store, { keyFile });
    const old = ring.present('jwt');
    const mac = ring.mac('text');
    const { id } = await ring.rotate({ spreadS: 3600 });
    expect(ring.present('jwt').id, 'not before every replica knows it').toBe(old.id);
    await replica.refresh();
    expect(replica.find('jwt', id), 'a clock that is ahead may use it already').not.toBeNull();
    await ring.rotate({ spreadS: 0, keepS: 3600 });
    await replica.refresh();
    expect(replica.present('jwt').id).not.toBe(old.id);
    expect(replica.accepted('jwt').map((key) => key.id)).toContain(old.id);
    expect(replica.verifies('text', mac)).toBe(true);
    await ring.rotate({ spreadS: 0, keepS: 0 });
    await replica.refresh();
    expect(replica.accepted('jwt')).toHaveLength(1);
    expect(replica.find('jwt', old.id)).toBeNull();
    expect(replica.verifies('text', mac)).toBe(false);
  });

  it('tell when the present one has become another one', async () => {
    const ring = await Keyring.open(store, { keyFile });
    const told: string[] = [];
    ring.onChange(async () => void told.push(ring.present('x').id));
    await ring.refresh();
    const { id } = await ring.rotate({ spreadS: 0 });
    expect(told).toEqual([id]);
  });

  it('are removed when they have ended, after what they had sealed was sealed anew', async () => {
    const ring = await Keyring.open(store, { keyFile });
    await new ClientsService(store).create('somebody', { role: 'submitter' });
    const secrets = new SecretsService(store, ring.sealer('secrets'));
    ring.onReseal(() => secrets.renew());
    for (const path of ['a', 'b']) await secrets.put('somebody', path, `value of ${path}`);
    await ring.rotate({ spreadS: 0, keepS: 0 });
    expect(await secrets.use('somebody', 'a', new Date()), 'an ended key still opens what is at rest').toBe(
      'value of a',
    );
    await ring.tidy();
    expect(ring.list()).toHaveLength(1);
    const replica = await Keyring.open(store, { keyFile });
    expect(await new SecretsService(store, replica.sealer('secrets')).use('somebody', 'b', new Date())).toBe(
      'value of b',
    );
  });

  it('are sealed anew when another line stands first in the file, so that the old line can go', async () => {
    const ring = await Keyring.open(store, { keyFile });
    const before = readFileSync(keyFile, 'utf8');
    writeFileSync(keyFile, `${'n'.repeat(64)}\n${before}`);
    await ring.refresh();
    writeFileSync(keyFile, `${'n'.repeat(64)}\n`);
    expect((await Keyring.open(store, { keyFile })).present('jwt')).toEqual(ring.present('jwt'));
  });

  it('are made anew on demand when the file is lost', async () => {
    const ring = await Keyring.open(store, { keyFile });
    rmSync(keyFile);
    const fresh = await Keyring.reset(store, { keyFile });
    expect(fresh.present('jwt').key).not.toEqual(ring.present('jwt').key);
  });
});

it('a sealed value opens at its own place only, and with any key of the sealer', () => {
  const [old, present] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const sealed = Sealer.of(old).seal('of a', 'value');
  const both = new Sealer(
    () => present,
    () => [present, old],
  );
  expect(both.open('of a', sealed)).toBe('value');
  expect(both.open('of b', sealed)).toBeNull();
  expect(Sealer.of(present).open('of a', sealed)).toBeNull();
  const renewed = both.renew('of a', sealed) as Buffer;
  expect(Sealer.of(present).open('of a', renewed)).toBe('value');
  expect(both.renew('of a', renewed)).toBeNull();
  expect(both.open('of a', Buffer.alloc(3))).toBeNull();
});
