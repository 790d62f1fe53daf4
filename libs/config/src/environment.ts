import { closeSync, readFileSync } from 'node:fs';
import type { Env } from './variable.js';

/** Names the descriptor from which a program that Drover starts reads its secrets. Not a setting. */
const SECRETS_FD = 'DROVER_SECRETS_FD';

let handedOver: Record<string, string> | undefined;

/** The settings of this process: its environment, and the secrets that were handed over at its start. */
export function ownSettings(): Env {
  handedOver ??= takeHandedOver();
  return { ...process.env, ...handedOver };
}

/** Read once; then the descriptor is closed, and the programs that this one starts hear nothing of it. */
function takeHandedOver(): Record<string, string> {
  const descriptor = process.env[SECRETS_FD];
  if (descriptor === undefined) return {};
  delete process.env[SECRETS_FD];
  const fd = Number(descriptor);
  if (!Number.isInteger(fd) || fd < 3) throw new Error(`${SECRETS_FD} is for Drover's own use: unset it.`);
  try {
    const secrets = JSON.parse(readFileSync(fd, 'utf8')) as Record<string, string>;
    closeSync(fd);
    return secrets;
  } catch (error) {
    throw new Error(`${SECRETS_FD} is for Drover's own use: unset it.`, { cause: error });
  }
}
