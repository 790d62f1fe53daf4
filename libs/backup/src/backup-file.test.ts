import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBackup } from './archive-reader.js';
import { ArchiveWriter } from './archive-writer.js';
import { FORMAT, MEMBERS, PIECE_BYTES } from './format.js';
import { openOutput } from './output-file.js';
import { openKeys, sealKeys } from './sealed-keys.js';
import { settingsText } from './write-backup.js';

const AT = new Date('2030-01-31T08:00:00Z');
const NOISE = randomBytes(2 * PIECE_BYTES + 17);
const TEXT = Buffer.from('a row like many others\n'.repeat(400_000));

/** Bytes in chunks as a stream hands them out. */
async function* chunks(data: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < data.length; at += 65_537) yield data.subarray(at, at + 65_537);
}

class Memory extends Writable {
  readonly parts: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.parts.push(chunk);
    done();
  }
  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

async function written(head: object = { format: FORMAT, drover: '0.1.0' }): Promise<Buffer> {
  const out = new Memory();
  const writer = new ArchiveWriter(out, AT);
  await writer.member(MEMBERS.head, Buffer.from(JSON.stringify(head)));
  await writer.pieces('record', 'job', chunks(TEXT));
  await writer.pieces('record', 'empty', chunks(Buffer.alloc(0)));
  await writer.pieces('objects', 'jobs/a/artifact-1', chunks(NOISE));
  await writer.end(MEMBERS.end, (sha256) => ({ sha256 }));
  return out.bytes;
}

/** The rows and objects of a backup that is read in chunks of an odd size. */
async function read(bytes: Buffer): Promise<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {};
  const keep = async (name: string, pieces: AsyncIterable<Buffer>): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const piece of pieces) parts.push(piece);
    found[name] = Buffer.concat(parts);
  };
  await readBackup(Readable.from(chunks(bytes), { objectMode: false }), { rows: keep, object: keep });
  return found;
}

describe('the file of a backup', () => {
  it('gives back what was written, byte for byte, whatever its size is', async () => {
    const bytes = await written();
    const found = await read(bytes);
    expect(Object.keys(found)).toEqual(['job', 'empty', 'jobs/a/artifact-1']);
    expect(found['job']?.equals(TEXT)).toBe(true);
    expect(found['empty']).toHaveLength(0);
    expect(found['jobs/a/artifact-1']?.equals(NOISE)).toBe(true);
    // Rows are compressed; what was compressed before is not tried in vain.
    expect(bytes.length).toBeLessThan(NOISE.length + TEXT.length / 20);
    expect(bytes.length).toBeGreaterThan(NOISE.length);
  });

  it('is read through by who takes nothing of it', async () => {
    await expect(readBackup(Readable.from([await written()]), {})).resolves.toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('is refused when it was cut, wherever that was', async () => {
    const bytes = await written();
    for (const length of [bytes.length - 2_048, bytes.length - 100_000, Math.floor(bytes.length / 2), 700])
      await expect(read(bytes.subarray(0, length)), String(length)).rejects.toThrow(/damaged|no backup/);
  });

  it('is refused when one byte of it is another one', async () => {
    const bytes = await written();
    const place = bytes.length - 1_000_000;
    bytes[place] = (bytes[place] as number) ^ 1;
    await expect(read(bytes)).rejects.toThrow('The backup is damaged: its bytes are not those that were written');
  });

  it('is refused when it is something else, or of a newer version', async () => {
    await expect(read(randomBytes(5_000))).rejects.toThrow('damaged');
    await expect(read(Buffer.alloc(10_240))).rejects.toThrow('The file is no backup of Drover');
    await expect(read(await written({ format: FORMAT + 1, drover: '9.0.0' }))).rejects.toThrow(
      'made by a newer Drover (9.0.0, format 2): restore it with that version',
    );
  });

  it('says why it cannot be written, at once', async () => {
    let room = PIECE_BYTES;
    const full = new Writable({
      write(chunk: Buffer, _encoding, done) {
        room -= chunk.length;
        done(room > 0 ? null : Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      },
    });
    const writer = new ArchiveWriter(full, AT);
    await expect(writer.pieces('objects', 'large', chunks(NOISE))).rejects.toThrow(
      'The backup cannot be written (ENOSPC): there is no room left on its disk: free some, or write elsewhere.',
    );
  });
});

describe('the keys of a backup', () => {
  const keys = { keyFile: `${'k'.repeat(64)}\n`, settings: { DROVER_SECRETS_KEY: 'a secret of the settings' } };

  it('open with their passphrase alone, and show nothing without it', async () => {
    const sealed = await sealKeys(keys, 'correct horse battery');
    expect(await openKeys(sealed, 'correct horse battery')).toEqual(keys);
    expect(sealed).not.toContain('kkkk');
    for (const wrong of ['correct horse batterz', '', 'x'.repeat(500)])
      await expect(openKeys(sealed, wrong)).rejects.toThrow('The passphrase does not open the keys of this backup');
  });

  it('do not open when they were altered, or ask for more memory than any of ours', async () => {
    const sealed = JSON.parse(await sealKeys(keys, 'correct horse battery')) as Record<string, unknown>;
    const data = Buffer.from(sealed['data'] as string, 'base64');
    data[3] = (data[3] as number) ^ 1;
    for (const altered of [{ data: data.toString('base64') }, { N: 2 ** 24 }, { tag: 'AAAA' }])
      await expect(openKeys(JSON.stringify({ ...sealed, ...altered }), 'correct horse battery')).rejects.toThrow(
        'does not open',
      );
  });

  it('want a passphrase of some length', async () => {
    await expect(sealKeys(keys, 'short')).rejects.toThrow('The passphrase has 5 characters: it needs at least 12');
  });
});

describe('the output of a backup', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-output-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (stream: Writable, text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.once('error', reject);
      stream.end(text, () => resolve());
    });

  it('appears under its name when it is whole, for its owner alone', async () => {
    const path = join(folder, 'a.drover');
    const output = await openOutput(path, { overwrite: false });
    await write(output.stream, 'all of it');
    expect(existsSync(path)).toBe(false);
    await output.keep();
    expect(readFileSync(path, 'utf8')).toBe('all of it');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('leaves nothing when it is given up, and the file of before as it was', async () => {
    const path = join(folder, 'a.drover');
    writeFileSync(path, 'before');
    const output = await openOutput(path, { overwrite: true });
    await write(output.stream, 'half');
    await output.discard();
    expect(existsSync(`${path}.part`)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  it('is refused where a file is, where another backup writes, and where nothing can be written', async () => {
    const path = join(folder, 'a.drover');
    const first = await openOutput(path, { overwrite: false });
    await expect(openOutput(path, { overwrite: false })).rejects.toThrow('Another backup writes');
    await write(first.stream, 'x');
    await first.keep();
    await expect(openOutput(path, { overwrite: false })).rejects.toThrow('replace it with --overwrite');
    await expect(openOutput(folder, { overwrite: true })).rejects.toThrow('is there and no file');
    await expect(openOutput(join(folder, 'no/a.drover'), { overwrite: false })).rejects.toThrow('ENOENT');
  });

  it('takes the place of one that was left by a program that is gone', async () => {
    const path = join(folder, 'a.drover');
    writeFileSync(`${path}.part`, 'left');
    const long = new Date(Date.now() - 3_600_000);
    utimesSync(`${path}.part`, long, long);
    const output = await openOutput(path, { overwrite: false });
    await write(output.stream, 'new');
    await output.keep();
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(
      createHash('sha256').update('new').digest('hex'),
    );
  });
});

it('settings are written as a shell and systemd read them', () => {
  expect(settingsText({ DROVER_PORT: '8080', DROVER_LABELS: `a=b, c`, X: `it's` })).toBe(
    `DROVER_PORT=8080\nDROVER_LABELS='a=b, c'\nX='it'\\''s'\n`,
  );
});
