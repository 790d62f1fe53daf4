import { ownSettings } from './environment.js';
import { allVariables, type DialectSettings } from './load.js';
import { fileVariableOf, readSecretFile } from './secret-files.js';
import type { Env } from './variable.js';

const MASK = '***';
/** A password that is shorter says little, and would mask half of every text. */
const SHORTEST = 4;

/** One setting as others may see it. */
interface ShownSetting {
  name: string;
  set: boolean;
  /** `***` for a secret. Null: it is not set. */
  value: string | null;
}

/** All settings of Drover, and what is set of each; nothing of secrets but whether they are. */
export function shownSettings(dialects: readonly DialectSettings[], env: Env = ownSettings()): ShownSetting[] {
  return allVariables(dialects).flatMap(({ variable: { name, secret } }) => {
    const value = env[name]?.trim() || null;
    const shown = { name, set: value !== null, value: value !== null && secret ? MASK : value };
    const file = fileVariableOf(name);
    return secret
      ? [shown, { name: file, set: Boolean(env[file]?.trim()), value: env[file]?.trim() || null }]
      : [shown];
  });
}

/**
 * Every text that is secret in these settings: whole values, those in files, the passwords in URLs (as they are written
 * and as they are meant), and the items of lists. The longest come first, so that none leaves a part of another.
 */
export function secretTexts(dialects: readonly DialectSettings[], env: Env = ownSettings()): string[] {
  const texts = new Set<string>();
  for (const { variable } of allVariables(dialects)) {
    if (!variable.secret) continue;
    const value = env[variable.name]?.trim() || inFile(env[fileVariableOf(variable.name)]?.trim());
    if (!value) continue;
    texts.add(value);
    for (const item of value.split(',')) {
      texts.add(item.trim());
      for (const part of item.split(/[=:]/).slice(1)) texts.add(decoded(part.trim()));
    }
    const password = /:\/\/[^/@\s]*?:([^@\s]+)@/.exec(value)?.[1];
    if (password !== undefined) texts.add(password).add(decoded(password));
  }
  return [...texts].filter((text) => text.length >= SHORTEST).toSorted((a, b) => b.length - a.length);
}

function inFile(path: string | undefined): string | null {
  if (!path) return null;
  try {
    return readSecretFile(path);
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
