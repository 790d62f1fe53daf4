import { showable, type Problem } from './problems.js';
import { fileVariableOf, readSecretFile } from './secret-files.js';

/** The environment as Node has it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One environment variable: how it is read, and what the documentation says of it. */
export interface Variable<T> {
  name: string;
  /** One sentence for the reference table. */
  about: string;
  /** The value that is used when the variable is unset or empty, in words. */
  fallback: string;
  /** The values that are accepted, in words. */
  accepts: string;
  /** Never shown, never in the environment of a program that Drover starts, and accepted as `<name>_FILE`, too. */
  secret: boolean;
  read(env: Env, problems: Problem[]): T;
}

/** Thrown by a parser: the sentence becomes the problem's remedy. */
export class Unfit extends Error {}

interface Basics<T> {
  about: string;
  /** Value when unset. A function is called at load. */
  default: T | (() => T);
  /** The default in words, where the value does not say it. */
  fallback?: string;
  /** `password`: a URL whose password is. */
  secret?: boolean | 'password';
}

/** The general form; the builders below cover the usual types. */
export function variable<T>(name: string, accepts: string, basics: Basics<T>, parse: (text: string) => T): Variable<T> {
  const fallbackValue = (): T =>
    typeof basics.default === 'function' ? (basics.default as () => T)() : basics.default;
  return {
    name,
    accepts,
    about: basics.about,
    fallback: basics.fallback ?? inWords(basics.default),
    secret: Boolean(basics.secret),
    read(env, problems) {
      const text = basics.secret ? secretText(name, env, problems) : env[name]?.trim();
      if (!text) return fallbackValue();
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
        problems.push({
          variable: name,
          value: basics.secret === 'password' ? shownUrl(text) : showable(text, Boolean(basics.secret)),
          remedy: error.message,
        });
        return fallbackValue();
      }
    },
  };
}

/** The value itself, or what stands in the file that X_FILE names. */
function secretText(name: string, env: Env, problems: Problem[]): string | undefined {
  const fileName = fileVariableOf(name);
  const [text, path] = [env[name]?.trim(), env[fileName]?.trim()];
  if (!path) return text;
  if (text) {
    problems.push({ variable: fileName, value: path, remedy: `is set and ${name}, too: set one of them.` });
    return text;
  }
  try {
    return readSecretFile(path);
  } catch (error) {
    problems.push({ variable: fileName, value: path, remedy: (error as Error).message });
    return undefined;
  }
}

/** A URL without its password; nothing of what is not one, and nothing of other places where passwords may stand. */
function shownUrl(text: string): string {
  const masked = text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@\s]*:).*@/i, '$1***@');
  return showable(
    masked,
    (masked === text && text.includes('@')) || !text.includes('://') || /password|token|secret/i.test(masked),
  );
}

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not set';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.join(',') || 'none';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'see above';
}

/** Any text; `matches` with `remedy` restricts it. */
export function text<T extends string | null>(
  name: string,
  basics: Basics<T> & { accepts?: string; matches?: RegExp; remedy?: string },
): Variable<T | string> {
  return variable<T | string>(name, basics.accepts ?? 'a text', basics, (value) => {
    if (basics.matches && !basics.matches.test(value))
      throw new Unfit(basics.remedy ?? `must match ${basics.matches.source}.`);
    return value;
  });
}

/** A whole number between `min` and `max`, both included. */
export function integer<T extends number | null>(
  name: string,
  basics: Basics<T> & { min?: number; max?: number },
): Variable<T | number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = basics;
  const accepts =
    max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  return variable<T | number>(name, accepts, basics, (value) => {
    const number = Number(value);
    if (!/^[+-]?\d+$/.test(value) || number < min || number > max) throw new Unfit(`must be ${accepts}.`);
    return number;
  });
}

/** 1, true, yes, on or 0, false, no, off. */
export function flag(name: string, basics: Basics<boolean>): Variable<boolean> {
  return variable(name, '1 or 0', basics, (value) => {
    if (/^(1|true|yes|on)$/i.test(value)) return true;
    if (/^(0|false|no|off)$/i.test(value)) return false;
    throw new Unfit('must be 1 or 0.');
  });
}

/**
 * A word that is true or false for Python programs; anything else is true. Lenient, because other programs read DEBUG
 * and its like, too.
 */
export const pythonFlag = (name: string, about: string, byDefault: boolean): Variable<boolean> =>
  variable(name, 'true or false', { about, default: byDefault }, (value) => !/^(0|false|no|off|n|f)$/i.test(value));

/** One word of a closed list. */
export function oneOf<const W extends readonly string[]>(
  name: string,
  words: W,
  basics: Basics<W[number]>,
): Variable<W[number]> {
  return variable<W[number]>(name, words.join(', '), basics, (value) => {
    const found = words.find((word) => word === value.toLowerCase());
    if (found === undefined) throw new Unfit(`must be one of ${words.join(', ')}.`);
    return found;
  });
}

const UNIT_S: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads a length of time as seconds; NaN: it is none. */
export function readSeconds(value: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(value);
  return match ? Number(match[1]) * (UNIT_S[match[2] ?? 's'] ?? 1) : Number.NaN;
}

/** A length of time, read as seconds: `10`, `10s`, `500ms`, `2m`, `1h`, `7d`. */
export function seconds<T extends number | null>(
  name: string,
  basics: Basics<T> & { min?: number; max?: number },
): Variable<T | number> {
  const { min = 0, max = 366 * 86_400 } = basics;
  return variable<T | number>(name, `seconds from ${min} to ${max} (or 500ms, 10s, 2m, 1h, 7d)`, basics, (value) => {
    const length = readSeconds(value);
    if (!(length >= min && length <= max)) {
      throw new Unfit(`must be a time from ${min} to ${max} seconds, such as 10, 500ms, 2m or 1h.`);
    }
    return length;
  });
}

const UNIT_BYTES: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** An amount of memory or disk, read as bytes: `1048576`, `512k`, `64M`, `2G`. */
export function bytes<T extends number | null>(
  name: string,
  basics: Basics<T> & { min?: number },
): Variable<T | number> {
  const { min = 0 } = basics;
  return variable<T | number>(name, `bytes from ${min} (or 512k, 64M, 2G)`, basics, (value) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(value);
    const amount = match
      ? Math.round(Number(match[1]) * (UNIT_BYTES[(match[2] ?? '').toLowerCase()] ?? 1))
      : Number.NaN;
    if (!(amount >= min))
      throw new Unfit(`must be an amount of at least ${min} bytes, such as 1048576, 512k, 64M or 2G.`);
    return amount;
  });
}

/** An absolute URL of one of the schemes (`http` without colon). Kept as text. */
export function url<T extends string | null>(
  name: string,
  schemes: readonly string[],
  basics: Basics<T>,
): Variable<T | string> {
  const example = `${schemes[0] ?? 'http'}://host:port`;
  return variable<T | string>(name, `a URL (${schemes.join(', ')})`, basics, (value) => {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^\s]+$/i.exec(value)?.[1]?.toLowerCase();
    if (scheme === undefined || !schemes.includes(scheme)) {
      throw new Unfit(`must be a URL like ${example} (${schemes.join(', ')}).`);
    }
    return value;
  });
}

/** Comma-separated items, each parsed by `parse` (which throws `Unfit`). Empty items are ignored. */
export function list<T>(
  name: string,
  accepts: string,
  basics: Basics<readonly T[]>,
  parse: (item: string) => T,
): Variable<readonly T[]> {
  return variable<readonly T[]>(name, accepts, basics, (value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(parse),
  );
}
