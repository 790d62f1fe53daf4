import { access } from './access.js';
import { alarms } from './alarms.js';
import { blobs } from './blobs.js';
import { cli } from './cli.js';
import { core, isLoopback, type CoreValues } from './core.js';
import { counters } from './counters.js';
import { doors } from './doors.js';
import { ownSettings } from './environment.js';
import { isolation } from './isolation.js';
import { jobSeries } from './job-series.js';
import { limits, quotas } from './limits.js';
import { mail } from './mail.js';
import { otel } from './otel.js';
import { outbound } from './outbound.js';
import { ConfigError, type Problem } from './problems.js';
import { profiles } from './profiles.js';
import { retention } from './retention.js';
import { scrape } from './scrape.js';
import { fileVariableOf } from './secret-files.js';
import { deepFreeze, type AnySection, type Section, type Shape, type Values } from './section.js';
import { tls } from './tls.js';
import type { Env, Variable } from './variable.js';

/** Parts of the product that have a name of their own in the configuration. */
const partsWith = (dialects: readonly DialectSettings[]) => ({
  access: access(dialects.length === 0 ? null : dialects.flatMap(({ opens }) => opens ?? [])),
  alarms,
  blobs,
  cli,
  counters,
  doors,
  isolation,
  jobSeries,
  limits,
  mail,
  otel,
  outbound,
  profiles,
  quotas,
  retention,
  scrape,
  tls,
});
type PartSections = ReturnType<typeof partsWith>;
type Parts = { readonly [K in keyof PartSections]: PartSections[K] extends Section<infer S> ? Values<S> : never };

/** A dialect as far as settings go. Sections that several dialects share are read once. */
export interface DialectSettings {
  /** The name, as DROVER_DIALECTS and the documentation write it. */
  readonly name: string;
  readonly settings: readonly AnySection[];
  /** Clients log in through it where DROVER_AUTH asks for a login. */
  readonly logsIn?: boolean;
  /** Values of DROVER_AUTH_OPEN, each for a part of its API that an operator may leave open. */
  readonly opens?: readonly string[];
}

/** Everything the environment says, checked and frozen. The core's settings are at the top. */
export type Config = Readonly<
  Omit<CoreValues, 'apiUrl' | 'labels' | 'speaks'> &
    Parts & {
      /** The base URL, without a slash at the end. */
      apiUrl: string;
      labels: Readonly<Record<string, string>>;
      /** Names of the dialects that the broker speaks. */
      speaks: readonly string[];
      /** The settings of dialects by section; {@link settingsOf} reads them. */
      ofDialects: ReadonlyMap<AnySection, unknown>;
    }
>;

const sectionsOf = (dialects: readonly DialectSettings[]): Set<AnySection> =>
  new Set(dialects.flatMap(({ settings }) => settings));

/** The settings of a section that was given to `loadConfig` with its dialect. */
export function settingsOf<S extends Shape>(config: Pick<Config, 'ofDialects'>, section: Section<S>): Values<S> {
  const values = config.ofDialects.get(section);
  if (values === undefined) throw new Error(`The settings of ${section.title} were not read.`);
  return values as Values<S>;
}

/**
 * Reads the settings once. `dialects`: those whose settings are read, too; a program that serves none leaves them out.
 *
 * @throws ConfigError naming every problem at once
 */
export function loadConfig(env: Env = ownSettings(), dialects: readonly DialectSettings[] = []): Config {
  const problems: Problem[] = [];
  const { apiUrl, labels, speaks: named, ...values } = core.collect(env, problems);
  const ofParts = Object.fromEntries(
    Object.entries(partsWith(dialects) as unknown as Record<string, AnySection>).map(([key, part]) => [
      key,
      part.collect(env, problems),
    ]),
  ) as unknown as Parts;
  const ofDialects = new Map<AnySection, unknown>();
  for (const section of sectionsOf(dialects)) ofDialects.set(section, deepFreeze(section.collect(env, problems)));
  const speaks = spoken(named, dialects, values.auth !== 'none', env, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze({
    ...values,
    ...ofParts,
    apiUrl: (
      apiUrl ?? `${ofParts.tls.cert === null ? 'http' : 'https'}://${reachable(values.host)}:${values.port}`
    ).replace(/\/+$/, ''),
    labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])),
    speaks,
    ofDialects,
  });
}

/** The dialects that are named; all where none is. A program that was given none does not judge the names. */
function spoken(
  named: readonly string[],
  dialects: readonly DialectSettings[],
  needsLogin: boolean,
  env: Env,
  problems: Problem[],
): readonly string[] {
  const names = dialects.map(({ name }) => name);
  if (dialects.length === 0) return named;
  const speaks = named.length > 0 ? named : names;
  const refuse = (remedy: string): unknown =>
    problems.push({ variable: 'DROVER_DIALECTS', value: env['DROVER_DIALECTS'] ?? '', remedy });
  const unknown = speaks.find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`must be a list of ${names.join(', ')}; "${unknown}" is none.`);
  const logins = dialects.filter(({ logsIn }) => logsIn).map(({ name }) => name);
  if (needsLogin && unknown === undefined && !logins.some((name) => speaks.includes(name)))
    refuse(
      `must name ${logins.join(' or ') || 'a dialect with a login'} with DROVER_AUTH=oauth2: the login at /v1/oauth2 is a part of it.`,
    );
  return speaks;
}

/** The address by which this machine reaches a server that listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  if (isLoopback(host) && !host.includes(':')) return host;
  return host.includes(':') ? `[${host}]` : host;
}

/** Every variable that Drover with these dialects reads: the reference table. */
export function allVariables(dialects: readonly DialectSettings[]): { section: string; variable: Variable<unknown> }[] {
  const sections: AnySection[] = [
    core as unknown as AnySection,
    ...Object.values(partsWith(dialects) as unknown as Record<string, AnySection>),
    ...sectionsOf(dialects),
  ];
  return sections.flatMap((part) =>
    Object.values(part.variables as Shape).map((variable) => ({ section: part.title, variable })),
  );
}

/** Set by Drover itself in the environment of jobs, or read by its tests: not settings, not typing errors. */
const OWN = /^DROVER_(TEST_|JOB_|EXECUTION_|ATTEMPT|METRICS_URL|GPUS|TOKEN|SECRETS_FD)/;

/** Variables that look like Drover's but are not read, each with the name that was probably meant. */
export function unknownVariables(
  dialects: readonly DialectSettings[],
  env: Env = process.env,
): { name: string; meant: string | null }[] {
  const names = allVariables(dialects).flatMap(({ variable: { name, secret } }) =>
    secret ? [name, fileVariableOf(name)] : [name],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('DROVER_') && !names.includes(name) && !OWN.test(name))
    .map((name) => ({ name, meant: names.find((known) => distance(known, name) <= 2) ?? null }));
}

/** Edits between two short words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
