import { createHash, randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { DroverError } from '@drover/domain';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { type: argon2.argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
/** Checks at once, and waiting for their turn: each costs some 30 ms of a core, which anybody could ask for. */
const AT_ONCE = 2;
const WAITING = 200;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING) throw new DroverError('unavailable', 'Too many logins at once; try again in a second.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

export const hashKey = (key: string): Promise<string> => inTurn(() => argon2.hash(key, OPTIONS));

let decoy: Promise<string> | undefined;

/** Whether `key` is the one that was hashed. Takes as long when there is no hash, so that the time tells nobody which clients exist. */
export async function keyMatches(hash: string | null, key: string): Promise<boolean> {
  const against = hash ?? (await (decoy ??= hashKey(randomBytes(16).toString('hex'))));
  const matches = await inTurn(() => argon2.verify(against, key));
  return hash !== null && matches;
}

/** A key nobody guesses, for people to keep. */
export const makeKey = (): string => randomBytes(24).toString('base64url');

/** 48 characters. */
export const makeRefreshToken = (): string => randomBytes(36).toString('base64url');

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
