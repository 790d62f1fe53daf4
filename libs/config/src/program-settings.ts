import { ownSettings } from './environment.js';
import { allVariables, type DialectSettings } from './load.js';
import { fileVariableOf } from './secret-files.js';
import type { Env } from './variable.js';

/**
 * The only secrets of a worker, which runs the jobs of others: what it registers with, and where tickets are. Whatever
 * else is secret, now or later, is for the API and the command line.
 */
const OF_WORKERS: readonly string[] = ['DROVER_ENROLMENT_TOKEN', 'DROVER_REDIS_URL'];

/** Only for who changes the schema. */
const OF_MIGRATIONS: readonly string[] = ['DROVER_MIGRATE_URL'];

/** The environment and the secrets that a program is started with. */
export interface ProgramSettings {
  /**
   * The environment without any secret: it can be read in /proc for as long as the program lives, whatever the program
   * does.
   */
  env: Record<string, string | undefined>;
  /** The secrets, to be handed over by a descriptor. */
  secrets: Record<string, string>;
}

/**
 * The settings for a program that we start: our own and those of `set`, the secrets apart from the rest. A worker gets
 * its own secrets only.
 */
export function programSettings(
  program: 'api' | 'worker' | 'migrate',
  dialects: readonly DialectSettings[],
  set: Record<string, string> = {},
): ProgramSettings {
  const settings: Record<string, string | undefined> = { ...ownSettings(), ...set };
  const env: Record<string, string | undefined> = { ...settings };
  const secrets: Record<string, string> = {};
  for (const name of secretNames(dialects)) {
    const file = fileVariableOf(name);
    delete env[name];
    // A value that was decided for the program counts, not a file of the user.
    if (set[name] !== undefined) delete env[file];
    if (program === 'worker' ? !OF_WORKERS.includes(name) : program === 'api' && OF_MIGRATIONS.includes(name))
      delete env[file];
    else if (settings[name]?.trim()) secrets[name] = settings[name];
  }
  return { env, secrets };
}

/** Every setting that is declared as secret. */
export const secretNames = (dialects: readonly DialectSettings[]): string[] =>
  allVariables(dialects)
    .filter(({ variable }) => variable.secret)
    .map(({ variable }) => variable.name);

/**
 * Secrets that stand in the environment itself, where every program of this user can read them for as long as this one
 * runs.
 */
export function exposedSecrets(dialects: readonly DialectSettings[], env: Env = process.env): string[] {
  return secretNames(dialects).filter((name) => Boolean(env[name]?.trim()));
}
