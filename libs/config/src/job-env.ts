import type { Env } from './variable.js';

/**
 * The variables of the worker's own environment that a job may see: where programs, home and temporary files are,
 * language and time zone.
 */
const KEPT = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR)$/;
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment every job starts from. Nothing else of the worker's, which holds secrets. */
export function jobBaseEnv(env: Env = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => KEPT.test(entry[0]) && entry[1] !== undefined,
  );
  return { PATH: DEFAULT_PATH, LANG: 'C.UTF-8', ...Object.fromEntries(kept) };
}
