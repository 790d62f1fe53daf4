import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { DroverError } from '@drover/domain';

/** Everything that opens an installation, which is of no use to whoever finds the backup without its passphrase. */
export interface InstallationKeys {
  /** The text of the key file, which opens the ring in the record. */
  keyFile: string;
  /** Secret settings by name, as they were set. */
  settings: Record<string, string>;
}

/** The shortest passphrase that is taken. */
const LEAST_CHARACTERS = 12;

/** 32 MiB and a third of a second: as strong as OWASP asks of scrypt, and below the memory of a backup. */
const COST = { N: 2 ** 15, r: 8, p: 3 };
/** A file that asks for more than this is not one of ours. */
const MOST_MEMORY = 256 * 1024 * 1024;
const PLACE = Buffer.from('drover-backup:keys:1');

interface Sealed {
  kdf: 'scrypt';
  N: number;
  r: number;
  p: number;
  salt: string;
  cipher: 'aes-256-gcm';
  iv: string;
  tag: string;
  data: string;
}

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Refuses a passphrase that is guessed too soon. @throws DroverError */
export function assertPassphrase(passphrase: string): void {
  if (passphrase.length < LEAST_CHARACTERS)
    throw new DroverError(
      'invalid',
      `The passphrase has ${passphrase.length} characters: it needs at least ${LEAST_CHARACTERS}, such as the output of \`openssl rand -hex 16\`.`,
    );
}

/** Seals the keys with a passphrase: scrypt, then AES-256-GCM. Gives JSON. */
export async function sealKeys(keys: InstallationKeys, passphrase: string): Promise<string> {
  assertPassphrase(passphrase);
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const key = await derive(passphrase, salt, 32, { ...COST, maxmem: MOST_MEMORY });
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(PLACE);
  const data = Buffer.concat([cipher.update(JSON.stringify(keys)), cipher.final()]);
  const sealed: Sealed = {
    kdf: 'scrypt',
    ...COST,
    salt: salt.toString('base64'),
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

/** Opens sealed keys. @throws DroverError when the passphrase is another one, or the keys were altered */
export async function openKeys(text: string, passphrase: string): Promise<InstallationKeys> {
  try {
    const { N, r, p, salt, iv, tag, data } = JSON.parse(text) as Sealed;
    if (128 * N * r * p > MOST_MEMORY) throw new Error('too dear');
    const bytes = (part: string): Buffer => Buffer.from(part, 'base64');
    const key = await derive(passphrase, bytes(salt), 32, { N, r, p, maxmem: MOST_MEMORY });
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(iv), { authTagLength: 16 });
    decipher.setAAD(PLACE).setAuthTag(bytes(tag));
    const opened = Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString();
    return JSON.parse(opened) as InstallationKeys;
  } catch {
    throw new DroverError(
      'invalid',
      'The passphrase does not open the keys of this backup: give the one that it was made with, or restore without keys (--no-keys).',
    );
  }
}
