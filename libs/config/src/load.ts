import { access } from './access.js';
import { alarms } from './alarms.js';
import { blobs } from './blobs.js';
import { cli } from './cli.js';
import { core, isLoopback, type CoreValues } from './core.js';
import { counters } from './counters.js';
import { dialects } from './dialects/index.js';
import { doors } from './doors.js';
import { ownSettings } from './environment.js';
import { isolation } from './isolation.js';
import { jobSeries } from './job-series.js';
import { limits, quotas } from './limits.js';
import { mail } from './mail.js';
import { outbound } from './outbound.js';
import { ConfigError, type Problem } from './problems.js';
import { profiles } from './profiles.js';
import { scrape } from './scrape.js';
import { fileVariableOf } from './secret-files.js';
import { deepFreeze, type Section, type Shape, type Values } from './section.js';
import type { Env, Variable } from './variable.js';

/** Parts of the product that have a name of their own in the configuration. */
const parts = {
  access,
  alarms,
  blobs,
  cli,
  counters,
  doors,
  isolation,
  jobSeries,
  limits,
  mail,
  outbound,
  profiles,
  quotas,
  scrape,
};
type Parts = { readonly [K in keyof typeof parts]: (typeof parts)[K] extends Section<infer S> ? Values<S> : never };
type Dialects = typeof dialects;
type DialectValues = { readonly [K in keyof Dialects]: Dialects[K] extends Section<infer S> ? Values<S> : never };

/** Everything the environment says, checked and frozen. The core's settings are at the top. */
export type Config = Readonly<
  Omit<CoreValues, 'apiUrl' | 'labels'> &
    Parts & {
      /** Without a slash at the end. */
      apiUrl: string;
      labels: Readonly<Record<string, string>>;
      dialects: DialectValues;
    }
>;

/**
 * Reads the settings once.
 *
 * @throws ConfigError naming every problem at once
 */
export function loadConfig(env: Env = ownSettings()): Config {
  const problems: Problem[] = [];
  const { apiUrl, labels, ...values } = core.collect(env, problems);
  const collect = (sections: unknown): unknown =>
    Object.fromEntries(
      Object.entries(sections as Record<string, Section<Shape>>).map(([key, part]) => [
        key,
        part.collect(env, problems),
      ]),
    );
  const ofParts = collect(parts) as Parts;
  const ofDialects = collect(dialects) as DialectValues;
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze({
    ...values,
    ...ofParts,
    apiUrl: (apiUrl ?? `http://${reachable(values.host)}:${values.port}`).replace(/\/+$/, ''),
    labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])),
    dialects: ofDialects,
  });
}

/** The address by which this machine reaches a server that listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  if (isLoopback(host) && !host.includes(':')) return host;
  return host.includes(':') ? `[${host}]` : host;
}

/** Every variable Drover reads: the reference table. */
export function allVariables(): { section: string; variable: Variable<unknown> }[] {
  const sections: Section<Shape>[] = [
    core as unknown as Section<Shape>,
    ...Object.values({ ...parts, ...dialects } as unknown as Record<string, Section<Shape>>),
  ];
  return sections.flatMap((part) =>
    Object.values(part.variables).map((variable) => ({ section: part.title, variable })),
  );
}

/** Set by Drover itself in the environment of jobs, or read by its tests: not settings, not typing errors. */
const OWN = /^DROVER_(TEST_|JOB_|EXECUTION_|ATTEMPT|METRICS_URL|GPUS|TOKEN|SECRETS_FD)/;

/** Variables that look like Drover's but are not read, each with the name that was probably meant. */
export function unknownVariables(env: Env = process.env): { name: string; meant: string | null }[] {
  const names = allVariables().flatMap(({ variable: { name, secret } }) =>
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
