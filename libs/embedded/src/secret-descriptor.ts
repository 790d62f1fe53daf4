import { randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the program that is started finds its descriptor. */
const DESCRIPTOR = 3;
/** Memory, where there is such a folder: the secrets reach no disk. */
const SHARED_MEMORY = '/dev/shm';

export interface SecretDescriptor {
  /** The descriptors to be put behind the three standard streams of the program. */
  stdio: number[];
  /** Tells the program which descriptor it is. */
  env: Record<string, string>;
  /** Once the program was started, or was not. */
  close(): void;
}

/**
 * Secrets for a program that is being started: a file without a name, which it inherits open. Environment and command
 * line can be read in /proc for as long as a program lives; this one is gone as soon as it was read.
 */
export function secretDescriptor(secrets: Readonly<Record<string, string>> = {}): SecretDescriptor {
  if (Object.keys(secrets).length === 0) return { stdio: [], env: {}, close: () => {} };
  const path = join(
    existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(),
    `drover-${process.pid}-${randomBytes(8).toString('hex')}`,
  );
  const written = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  let fd: number;
  try {
    // An open file of its own, so that the program reads from the beginning.
    fd = openSync(path, 'r');
  } finally {
    rmSync(path, { force: true });
  }
  writeSync(written, JSON.stringify(secrets));
  closeSync(written);
  return { stdio: [fd], env: { DROVER_SECRETS_FD: String(DESCRIPTOR) }, close: () => closeSync(fd) };
}
