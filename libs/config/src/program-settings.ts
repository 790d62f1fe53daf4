import { cli } from './cli.js';
import { ownSettings } from './environment.js';
import { allVariables, type DialectSettings } from './load.js';
import { fileVariableOf, readSecretFile } from './secret-files.js';
import type { Env } from './variable.js';

/**
 * The only secrets of a worker, which runs the jobs of others: what it registers with, and where tickets are. Whatever
 * else is secret, now or later, is for the API and the command line.
 */
const OF_WORKERS: readonly string[] = ['DROVER_ENROLMENT_TOKEN', 'DROVER_REDIS_URL'];

/** Only for who changes the schema. */
const OF_MIGRATIONS: readonly string[] = ['DROVER_MIGRATE_URL'];

/** Only for who types a command, and no part of an installation: every secret of the command line. */
const OF_COMMANDS: readonly string[] = Object.values(cli.variables)
  .filter(({ secret }) => secret)
  .map(({ name }) => name);

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
    const isOthers =
      program === 'worker'
        ? !OF_WORKERS.includes(name)
        : OF_COMMANDS.includes(name) || (program === 'api' && OF_MIGRATIONS.includes(name));
    if (isOthers) delete env[file];
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

/** The settings of an installation as they are set: what may be read by others, and the secrets. */
export interface SetSettings {
  plain: Record<string, string>;
  secret: Record<string, string>;
}

/**
 * Every setting that is set, by name; a secret that a file holds as its value. Whatever is for commands alone, or
 * set by `drover up` itself, is left out.
 */
export function settingsThatAreSet(dialects: readonly DialectSettings[], env: Env = ownSettings()): SetSettings {
  const set: SetSettings = { plain: {}, secret: {} };
  for (const { variable } of allVariables(dialects)) {
    const { name } = variable;
    const file = env[fileVariableOf(name)]?.trim();
    const text = env[name]?.trim() || (variable.secret && file ? readSecretFile(file) : '');
    if (text && ![...OF_COMMANDS, 'DROVER_STACK_PID'].includes(name))
      set[variable.secret ? 'secret' : 'plain'][name] = text;
  }
  return set;
}
