import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allVariables,
  loadConfig,
  unknownVariables,
  ConfigError,
  exposedSecrets,
  programSettings,
  secretNames,
  configurationPage,
  fileVariableOf,
} from '@drover/config';
import { DIALECTS } from './index.js';

/** A value that each secret setting takes. One that is declared and not here fails below. */
const VALUES: Record<string, string> = {
  DROVER_DATABASE_URL: 'postgres://u:Geheim-1@db/x',
  DROVER_MIGRATE_URL: 'postgres://owner:Geheim-13@db/x',
  DROVER_TICKETS_URL: 'postgres://tickets:Geheim-14@db/x',
  DROVER_REDIS_URL: 'redis://u:Geheim-2@redis',
  DROVER_ENROLMENT_TOKEN: 'Geheim-3-0123456789abcdef',
  DROVER_JWT_SIGNING_KEY: 'Geheim-4-0123456789abcdef0123456789abcdef',
  DROVER_SECRETS_KEY: 'Geheim-5-0123456789abcdef0123456789abcdef',
  DROVER_S3_SECRET_ACCESS_KEY: 'Geheim-6',
  DROVER_SMTP_URL: 'smtp://u:Geheim-7@mail',
  SMTP_PASSWORD: 'Geheim-8',
  BASIC_AUTH_PASSWORD: 'Geheim-9',
  FLUX_TOKEN: 'Geheim-10',
  FLUX_USERS: 'somebody:Geheim-11',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=Geheim-15',
  FLUX_SECRET_KEY: 'Geheim-12-0123456789abcdef0123456789',
};
/** Known names of another program: only whether they are set is read. */
const IGNORED = /^(REDIS_URL|MONGODB_CONFIG|WORKER_SLEEP_TIME_MS|EXECUTOR|SENTRY_DSN|SECRET_KEY)$/;
/** Secrets of people who type commands: no program that Drover starts gets them. */
const OF_COMMANDS = new Set(['DROVER_TOKEN', 'DROVER_BACKUP_PASSPHRASE', 'DROVER_ENROL_TOKEN']);
/** Settings that must stand beside this one. */
const beside = (name: string): Record<string, string> => ({
  DROVER_MAIL_FROM: 'drover@example.org',
  ...(name.startsWith('DROVER_S3_') ? { DROVER_S3_ACCESS_KEY_ID: 'id' } : {}),
});

let folder: string;
const names = secretNames(DIALECTS).filter((name) => !IGNORED.test(name));
const valueOf = (name: string): string => VALUES[name] ?? `Geheim-${name}-0123456789abcdef0123456789abcdef`;
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};
const problems = (env: Record<string, string>): string => {
  try {
    loadConfig(env, DIALECTS);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('loadConfig accepted it');
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-secrets-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every secret setting', () => {
  it('is one by its name, too: nothing that sounds like a secret is declared without the mark', () => {
    const suspicious = allVariables(DIALECTS).filter(
      ({ variable }) =>
        /PASSWORD|TOKEN|SECRET|KEY|(DATABASE|REDIS|SMTP|MIGRATE|TICKETS)_URL|_USERS$/.test(variable.name) &&
        !variable.secret,
    );
    expect(
      suspicious
        .map(({ variable }) => variable.name)
        .filter(
          (name) =>
            !/^(DROVER_KEY_FILE|DROVER_TLS_KEY|DROVER_S3_ACCESS_KEY_ID|FLUX_ACCESS_TOKEN_EXPIRES_MINUTES|DROVER_TESTFLINGER_BARE_TOKEN)$/.test(
              name,
            ),
        ),
    ).toEqual([]);
  });

  it.each(names)('%s is taken from the file that its name with _FILE gives, as from the environment', (name) => {
    const path = file(name, `${valueOf(name)}\n`);
    const fromFile = loadConfig({ ...beside(name), [fileVariableOf(name)]: path }, DIALECTS);
    expect(fromFile).toEqual(loadConfig({ ...beside(name), [name]: valueOf(name) }, DIALECTS));
    expect(JSON.stringify([fromFile, ...fromFile.ofDialects.values()])).toContain('Geheim');
    expect(problems({ ...beside(name), [name]: valueOf(name), [fileVariableOf(name)]: path })).toContain(
      `is set and ${name}, too: set one of them.`,
    );
    expect(problems({ ...beside(name), [fileVariableOf(name)]: join(folder, 'nothing') })).toMatch(
      new RegExp(`${name}_FILE=.*cannot be read \\(ENOENT\\)`),
    );
    expect(problems({ ...beside(name), [fileVariableOf(name)]: file('empty', '\n') })).toContain('names an empty file');
    expect(unknownVariables(DIALECTS, { [fileVariableOf(name)]: path })).toEqual([]);
    expect(configurationPage(DIALECTS)).toContain(`| \`${name}\`, \`${fileVariableOf(name)}\` |`);
  });

  it('is never in the environment of a program that Drover starts, and a worker is handed its own two only', () => {
    const set = Object.fromEntries([
      ...names.map((name) => [name, valueOf(name)]),
      ...names.map((name) => [fileVariableOf(name), '/some/file']),
    ]) as Record<string, string>;
    for (const program of ['api', 'worker', 'migrate'] as const) {
      const { env, secrets } = programSettings(program, DIALECTS, { ...set, DROVER_PORT: '1' });
      expect(env['DROVER_PORT']).toBe('1');
      expect(JSON.stringify(env), program).not.toContain('Geheim');
      expect(exposedSecrets(DIALECTS, env)).toEqual([]);
      expect(Object.keys(secrets).toSorted(), program).toEqual(
        program === 'worker'
          ? ['DROVER_ENROLMENT_TOKEN', 'DROVER_REDIS_URL']
          : names
              .filter((name) => !OF_COMMANDS.has(name) && (program === 'migrate' || name !== 'DROVER_MIGRATE_URL'))
              .toSorted(),
      );
    }
    // A file of the user's is for those who may have what is in it.
    const { env } = programSettings('worker', DIALECTS, {
      DROVER_DATABASE_URL_FILE: '/a',
      DROVER_ENROLMENT_TOKEN_FILE: '/b',
    });
    expect([env['DROVER_DATABASE_URL_FILE'], env['DROVER_ENROLMENT_TOKEN_FILE']]).toEqual([undefined, '/b']);
  });

  it('is told to be exposed where it stands in the environment', () => {
    expect(
      exposedSecrets(DIALECTS, { DROVER_DATABASE_URL: 'postgres://x', DROVER_ENROLMENT_TOKEN_FILE: '/x', HOME: '/' }),
    ).toEqual(['DROVER_DATABASE_URL']);
  });

  it('is not shown when it is wrong, whichever way a password stands in a URL', () => {
    for (const wrong of [
      'mysql://u:Geheim@db/x',
      'mysql://u:Ge/he@im@db/x',
      'Geheim',
      'mysql://db/x?password=Geheim',
      'Geheim@x',
    ]) {
      const message = problems({ DROVER_DATABASE_URL: wrong, DROVER_REDIS_URL: wrong });
      expect(message, wrong).not.toMatch(/Geheim|Ge\/he|im@/);
      expect(message).toContain('DROVER_DATABASE_URL=');
    }
  });
});
