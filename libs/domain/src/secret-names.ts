/** Parts of names of environment variables whose values are shown to nobody. */
const SECRET_WORDS: readonly string[] = ['password', 'passwd', 'key', 'secret', 'token', 'client_id', 'credential'];

const MASK = '***';

/** Whether a name contains one of the words, in any case. */
export const isSecretName = (name: string, words: readonly string[] = SECRET_WORDS): boolean =>
  words.some((word) => name.toLowerCase().includes(word));

/**
 * A copy of an environment as it may be shown: values under secret-looking names are masked. What runs keeps the
 * values.
 */
export function maskedEnv(
  env: Readonly<Record<string, string>>,
  words: readonly string[] = SECRET_WORDS,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, isSecretName(name, words) ? MASK : value]),
  );
}

/** The same for those who may not see the job's secrets: names alone. No list of words knows every name of a secret. */
export function hiddenEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(env).map((name) => [name, MASK]));
}

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text);

/**
 * Where a webhook goes, without what may be its secret: of a URL the scheme and the host. Anything else, e.g. an
 * address of mail, is given back unchanged.
 */
export function originOnly(text: string): string {
  if (!isUrl(text)) return text;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}

/**
 * A URL without what may be a secret in it: user, password and the values of its query. Anything else is given back
 * unchanged.
 */
function maskedUrl(text: string): string {
  if (!isUrl(text)) return text;
  const url = new URL(text);
  if (url.username === '' && url.password === '' && url.search === '') return text;
  url.username = '';
  url.password = '';
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${MASK}`).join('&');
  url.search = '';
  return query === '' ? url.href : `${url.href.replace(/#.*$/, '')}?${query}`;
}

/** Names of secrets beyond the words. Onlookers see no value under them; an author is none. */
const SECRET_LOOKING = /passphrase|pwd|pgpass|auth(?!or)|cookie|session|private|signature|(^|_)(pat|pass|dsn)(_|$)/i;
const ENVIRONMENTS = /^(envs?|environ|environment)$/i;
const HOOKS = /hook/i;
const HEADERS = /^headers$/i;

/** How deep `maskedValue` looks; what lies deeper is left out. */
const MAX_DEPTH = 64;

/**
 * A copy of any JSON value for those who may not see a job's secrets. Nothing is left of values under secret-looking
 * names, of environments and headers whatever their names are; of a webhook's URL its origin is left, of other URLs all
 * but user, password and the values of the query.
 */
export const maskedValue = (value: unknown): unknown => masked(value, maskedUrl, 0);

function masked(value: unknown, shown: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return shown(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((inner) => masked(inner, shown, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (ENVIRONMENTS.test(name) || HEADERS.test(name)) return [name, masked(inner, hiddenAssignment, depth + 1)];
      if (typeof inner === 'string' && (isSecretName(name) || SECRET_LOOKING.test(name))) return [name, MASK];
      return [name, masked(inner, HOOKS.test(name) ? originOnly : shown, depth + 1)];
    }),
  );
}

/** A value of an environment, or `NAME=value` in a list of them. */
const hiddenAssignment = (text: string): string => (/^([A-Za-z_]\w*)=/.exec(text)?.[0] ?? '') + MASK;
