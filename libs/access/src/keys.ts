import { createHash, randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { LoginLine, type Applicant } from './login-line.js';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { type: argon2.argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
/** Every check and every new key of this process waits here. */
const line = new LoginLine();

/** New keys: who makes one is logged in. */
const MAKER: Applicant = { client: '', address: '' };

export const hashKey = (key: string): Promise<string> => line.inTurn(MAKER, () => argon2.hash(key, OPTIONS));

let decoy: Promise<string> | undefined;

/**
 * Whether `key` is the one that was hashed. Takes as long when there is no hash, so that the time tells nobody which
 * clients exist.
 */
export async function keyMatches(hash: string | null, key: string, applicant: Applicant): Promise<boolean> {
  const against = hash ?? (await (decoy ??= hashKey(randomBytes(16).toString('hex'))));
  const matches = await line.inTurn(applicant, () => argon2.verify(against, key));
  return hash !== null && matches;
}

/** A key nobody guesses, for people to keep. */
export const makeKey = (): string => randomBytes(24).toString('base64url');

/** 48 characters. */
export const makeRefreshToken = (): string => randomBytes(36).toString('base64url');

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
